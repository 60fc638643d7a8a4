-- Clicks of visitors that were with many recipients in an hour, so perhaps within a minute. $1 the hour's first and $2 its last
-- moment with the margin around it, $3 how many recipients. The block range index on `at` cuts the period out.
with seen as materialized (
  select ip, user_agent, delivery_id, at from interactions
  where kind = 'click' and delivery_id is not null and ip is not null and at between $1 and $2
),
busy as (
  select ip, coalesce(user_agent, '') as user_agent from seen
  group by 1, 2 having count(distinct delivery_id) >= $3
)
select busy.ip, busy.user_agent as "userAgent", seen.delivery_id as "deliveryId", seen.at
from busy join seen on seen.ip = busy.ip and coalesce(seen.user_agent, '') = busy.user_agent
