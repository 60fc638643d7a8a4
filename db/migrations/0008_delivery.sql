-- The ledger. A delivery is one live version to one recipient from one place, with its own id.

-- A mailing is one live version sent from one place: a journey tile, a forward page, a test send.
create table mailings (
  id                  bigint generated always as identity primary key,
  kind                text not null check (kind in ('journey', 'forward', 'test', 'transactional')),
  message_version_id  bigint not null references message_versions,
  message_id          bigint not null references messages,
  topic_id            bigint references topics,
  designation         text not null check (designation in ('commercial', 'transactional')),
  content_settings_id bigint references content_settings,
  route_id            bigint references routes, -- null: the default route
  journey_id          bigint,
  journey_version_id  bigint,
  node_id             text,
  state               text not null default 'running' check (state in ('running', 'paused', 'cancelled')),
  pause_reason        text,
  created_at          timestamptz not null default now()
);
create unique index mailings_one_per_tile on mailings (journey_version_id, node_id, message_version_id) where kind = 'journey';
create index mailings_message on mailings (message_id);
create index mailings_journey on mailings (journey_id);

-- [D1] Up to 1,000 recipients each. A delivery's id is chunk id * 1024 + its 0-based place in the chunk, so
-- enqueuing a million recipients writes about a thousand rows and updates nothing twice.
-- [D6] `intended` is the high-water mark: a place below it was handed to an SMTP conversation, or is in the log,
-- or waits in delivery_retries, or is in `returned`: surely untouched and to be taken first.
create table delivery_chunks (
  id           bigint generated always as identity primary key,
  mailing_id   bigint not null references mailings,
  contact_ids  bigint[] not null,               -- 0 where the recipient is no contact (a forwarded copy)
  visit_ids    bigint[] not null,               -- journey visit, forward or test number: tells repeats apart
  recipients   jsonb,                           -- [{address, name}] in place order, where the address is not the contact's
  size         integer not null check (size between 1 and 1000),
  intended     integer not null default 0,
  returned     integer[] not null default '{}',
  repeated     integer not null default 0,      -- places dropped because the same key was enqueued before
  available_at timestamptz not null default now(),
  expires_at   timestamptz,
  lease_owner  text,
  lease_epoch  bigint not null default 0,       -- fences a sender that woke up late
  lease_until  timestamptz,
  finished_at  timestamptz
);
create index delivery_chunks_due on delivery_chunks (available_at, id) where finished_at is null;
create index delivery_chunks_mailing on delivery_chunks (mailing_id);

-- What was the same for all recipients of a batch: settings, journey name, defaults. Content-addressed.
create table delivery_contexts (
  id      bigint generated always as identity primary key,
  hash    bytea not null unique,                -- SHA-256 of the text of `context`
  context jsonb not null
);

-- What each delivery was rendered from, compressed, one row per intent batch: with the immutable version it
-- gives every message again exactly as sent. Where a place is in several rows, the latest counts.
create table delivery_snapshots (
  id          bigint generated always as identity,
  chunk_id    bigint not null references delivery_chunks on delete cascade,
  first_place integer not null,
  last_place  integer not null,
  context_id  bigint not null references delivery_contexts,
  data        bytea not null,
  at          timestamptz not null default now(),
  primary key (chunk_id, id)
);

-- [D3] One row per delivery, written once its fate is known. The primary key is the accounting invariant:
-- recipients = accepted + refused + skipped + given-up + in-doubt + what is still queued.
create table delivery_log (
  mailing_id  bigint not null,
  contact_id  bigint not null,
  visit_id    bigint not null,
  delivery_id bigint not null,
  outcome     text not null check (outcome in ('accepted', 'refused', 'skipped', 'given-up', 'in-doubt')),
  reason      text,                             -- skipped: 'suppressed', 'no-consent', … refused: bounce category
  smtp_code   smallint,
  enhanced    text,
  reply       text,
  attempts    smallint not null default 1,
  doubts      smallint not null default 0,      -- how often it was sent again although it may have arrived
  route_id    bigint,
  address     text not null,
  at          timestamptz not null default clock_timestamp(),
  primary key (mailing_id, contact_id, visit_id)
);
create index delivery_log_contact on delivery_log (contact_id, at desc);
create index delivery_log_in_doubt on delivery_log (mailing_id) where outcome = 'in-doubt';

-- Deliveries that were put off by the other side (4xx), or are sent again after doubt. They still count as queued.
create table delivery_retries (
  delivery_id bigint primary key,
  mailing_id  bigint not null references mailings,
  contact_id  bigint not null,
  visit_id    bigint not null,
  address     text not null,
  attempts    smallint not null,
  doubts      smallint not null default 0,
  next_at     timestamptz not null,
  last_code   smallint,
  last_enhanced text,
  last_reply  text not null,
  lease_owner text,                             -- set with the intent: this attempt may be under way
  lease_epoch bigint not null default 0,
  lease_until timestamptz,
  first_at    timestamptz not null default now(),
  expires_at  timestamptz not null                -- then it is given up
);
create index delivery_retries_due on delivery_retries (next_at);
create index delivery_retries_mailing on delivery_retries (mailing_id);

-- Totals by outcome, moved in the transaction that adds the log rows. `verify` proves them.
create table mailing_totals (
  mailing_id bigint not null references mailings,
  outcome    text not null,                     -- 'queued' counts what was ever enqueued
  total      bigint not null,
  primary key (mailing_id, outcome)
);

-- A road that does not work right now. Its recipients are not charged; it is tried again at `retry_at`.
create table route_troubles (
  route_id bigint primary key references routes on delete cascade,
  phase    text not null,                       -- where it broke: 'connect', 'greeting', 'auth', …
  message  text not null,
  failures integer not null,
  since    timestamptz not null default now(),
  retry_at timestamptz not null
);

-- [D14] The pace of a route, shared by all senders: nothing more is to leave before `free_at`.
create table route_paces (
  route_id bigint primary key references routes on delete cascade,
  free_at  timestamptz not null
);

-- Later news about an accepted delivery.
create table bounces (
  id          bigint generated always as identity primary key,
  delivery_id bigint not null,
  mailing_id  bigint not null,
  contact_id  bigint not null,
  category    text not null,
  is_hard     boolean not null,
  diagnostic  text not null,
  at          timestamptz not null default now(),
  unique (delivery_id, category)
);
create index bounces_mailing on bounces (mailing_id);
