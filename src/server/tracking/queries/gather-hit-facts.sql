-- What is known around hits: when their message was accepted, and other hits of the same delivery that matter.
-- $1 delivery ids, $2 the earliest and $3 the latest moment of them, $4 how far a burst and $5 how far the hidden link
-- reaches, in seconds. The log is found by its primary key through the chunk, because it has no index by delivery.
select given.delivery_id,
       (select log.at
        from delivery_chunks chunk
        join delivery_log log
          on log.mailing_id = chunk.mailing_id
         and log.contact_id = chunk.contact_ids[given.delivery_id % 1024 + 1]
         and log.visit_id = chunk.visit_ids[given.delivery_id % 1024 + 1]
        where chunk.id = given.delivery_id / 1024 and log.outcome = 'accepted') as accepted_at,
       coalesce(
         (select jsonb_agg(jsonb_build_object(
                   'kind', near.kind, 'linkNumber', near.link_number, 'at', extract(epoch from near.at) * 1000,
                   'ip', coalesce(near.ip, ''), 'userAgent', coalesce(near.user_agent, '')))
          from interactions near
          where near.delivery_id = given.delivery_id
            and (near.kind = 'click' and near.link_number is not null
                 and near.at between $2::timestamptz - make_interval(secs => $4)
                                 and $3::timestamptz + make_interval(secs => $4)
              or near.kind = 'trap'
                 and near.at between $2::timestamptz - make_interval(secs => $5)
                                 and $3::timestamptz + make_interval(secs => $5))),
         '[]') as nearby
from unnest($1::bigint[]) given(delivery_id)
