-- [D114] The largest message in bytes that a route's server took the last time it said so. Null: it names no limit, or was not asked.
alter table routes add column size_limit bigint check (size_limit > 0);

-- Retries are looked for mailing by mailing, and by who holds them: with the indexes before, what a paused mailing has overdue was
-- passed over row by row, and each renewal of leases and each look for what has expired read the whole table.
create index delivery_retries_turn on delivery_retries (mailing_id, next_at);
create index delivery_retries_expiry on delivery_retries (expires_at);
create index delivery_retries_leased on delivery_retries (lease_owner) where lease_owner is not null;
drop index delivery_retries_mailing;
drop index delivery_retries_due;
