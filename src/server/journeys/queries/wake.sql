-- Makes the visits of these contacts that wait at one trigger due now; the engine then looks what happened.
-- $1 journey  $2 version  $3 tile  $4 contacts  $5 now. Visits that are due already are left alone.
update journey_visits visit set due_at = $5
where contact_id = any($4::bigint[]) and journey_id = $1
  and version_id = $2 and node_id = $3 and due_at > $5 and finished_at is null
