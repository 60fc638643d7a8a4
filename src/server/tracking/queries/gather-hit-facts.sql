-- What is known around clicks: when their message was accepted, and other clicks of the same delivery within reach.
-- $1 delivery ids, $2 their earliest and $3 their latest moment to look at. The log is found by its primary key
-- through the chunk, because it has no index by delivery.
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
                   'linkNumber', click.link_number,
                   'at', extract(epoch from click.at) * 1000))
          from interactions click
          where click.delivery_id = given.delivery_id and click.kind = 'click'
            and click.at between $2 and $3 and click.link_number is not null),
         '[]') as clicks
from unnest($1::bigint[]) given(delivery_id)
