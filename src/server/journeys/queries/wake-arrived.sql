-- Wakes visits that came to a trigger just now and whose contacts had already done it. [J14]
-- $1 version  $2 tile  $3 now  $4 due by time-out  $5 kind of interaction  $6 event or null  $7 message or null
-- $8 mailings or null  $9 tiles since which it counts
update journey_visits visit set due_at = $3
where version_id = $1 and node_id = $2 and due_at = $4 and arrived_at = $3
  and exists (
    select from interactions done
    where done.contact_id = visit.contact_id and done.kind = $5 and done.agent = 'human'
      and ($6::bigint is null or done.event_id = $6)
      and ($7::bigint is null or done.message_id = $7)
      and ($8::bigint[] is null or done.mailing_id = any($8))
      and done.at > coalesce((
        select max(left_at) from journey_passages
        where visit_id = visit.id and node_id = any($9::text[])), visit.entered_at)
  )
