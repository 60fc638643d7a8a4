-- [D11] A doubtful delivery whose message was opened, clicked, viewed or answered has arrived, whoever or whatever did it. Few
-- rows are ever in doubt, and the partial index finds them: under a millisecond when there are none.
select log.delivery_id
from delivery_log log
where log.outcome = 'in-doubt'
  and exists (select from interactions seen where seen.delivery_id = log.delivery_id and seen.kind <> 'bounce')
limit 1000
