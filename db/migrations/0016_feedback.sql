-- What came back about mail that was sent: one row for each report, whatever way it came.
create table feedback (
  id          bigint generated always as identity primary key,
  key         bytea not null unique,     -- digest of what makes a report the same when it comes again
  way         text not null,             -- 'smtp'
  kind        text not null check (kind in ('bounce', 'delay', 'delivered', 'complaint', 'unsubscribe', 'auto-reply', 'not-understood')),
  delivery_id bigint,                    -- null: about nothing that we signed
  category    text,                      -- of a bounce: core/delivery/bounce-categories.ts
  diagnostic  text not null,
  sender      text not null,
  subject     text not null,
  source      bytea,                     -- the beginning of what was not understood
  at          timestamptz not null default now()
);
create index feedback_at on feedback (at);
create index feedback_kind on feedback (kind, id);
create index feedback_delivery on feedback (delivery_id) where delivery_id is not null;

-- [D52] Soft bounces of an address in a row. The row that led to a suppression stays until the next bounce begins another.
create table soft_bounces (
  address_key  text primary key,
  delivery_ids bigint[] not null,
  occurrences  integer not null default 0, -- how often a row was full
  last_at      timestamptz not null
);
