-- What an address agreed to, as a ledger that only grows, and what must not be mailed at all.

create table topics (
  id          bigint generated always as identity primary key,
  name        text not null,
  description text not null default '',
  is_public   boolean not null default true,    -- shown in the subscription centre
  position    integer not null default 0,
  created_at  timestamptz not null default now(),
  archived_at timestamptz
);

-- [C1] Consent belongs to an address, not to a contact. [C2] Rows are never changed or deleted, only added.
create table consent_events (
  id          bigint generated always as identity primary key,
  address_key text not null,
  topic_id    bigint references topics,         -- null: all commercial mail
  kind        text not null check (kind in ('granted', 'withdrawn')),
  source      text not null,                    -- 'import', 'form', 'subscription-centre', 'one-click', 'person', 'event', 'api'
  wording     text,
  ip          text,
  user_agent  text,
  actor       text,
  delivery_id bigint,                           -- the message whose link was used
  at          timestamptz not null default now()
);
create index consent_events_address on consent_events (address_key, id);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'table % only grows', tg_table_name using errcode = 'P0001';
end $$;
create trigger consent_events_only_grow before update or delete on consent_events
  for each row execute function refuse_change();

-- [C3] The fold of the ledger: the latest event of each address and topic. Kept in the same transaction.
create table consents (
  address_key text not null,
  topic_id    bigint not null,                  -- 0: all commercial mail
  granted     boolean not null,
  since       timestamptz not null,
  event_id    bigint not null,
  primary key (address_key, topic_id)
);
create index consents_topic on consents (topic_id) where granted;

-- [C4] Suppression is by address and beats consent. Expired or lifted rows stay as history.
create table suppressions (
  id          bigint generated always as identity primary key,
  address_key text not null,
  category    text not null check (category in ('hard-bounce', 'soft-bounce', 'complaint', 'manual', 'imported', 'forward-opt-out')),
  reason      text not null,
  source      text not null,
  since       timestamptz not null default now(),
  expires_at  timestamptz,
  lifted_at   timestamptz
);
create unique index suppressions_one_active on suppressions (address_key, category) where lifted_at is null;
create index suppressions_address on suppressions (address_key) where lifted_at is null;
