-- Pages that contacts see: event registrations and forwards to friends.

create table events (
  id          bigint generated always as identity primary key,
  slug        text not null unique,
  name        text not null,
  description text not null default '',
  starts_at   timestamptz not null,
  ends_at     timestamptz not null,
  time_zone   text not null,
  place       text not null default '',
  online_url  text not null default '',
  capacity    integer check (capacity > 0),     -- null: no limit
  topic_id    bigint references topics,
  content_settings_id bigint references content_settings,
  state       text not null default 'draft' check (state in ('draft', 'open', 'closed', 'cancelled')),
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now()
);

create table registrations (
  id           bigint generated always as identity primary key,
  event_id     bigint not null references events,
  contact_id   bigint not null references contacts on delete cascade,
  state        text not null check (state in ('registered', 'waiting', 'cancelled')),
  registered_at timestamptz not null default now(),
  cancelled_at timestamptz,
  unique (event_id, contact_id)
);
-- Counting places and finding who waits longest.
create index registrations_event on registrations (event_id, state, registered_at, id);
create index registrations_contact on registrations (contact_id);

-- A copy made by the forward-to-a-friend form. The friend is no contact; the address is forgotten after 30 days.
create table forwards (
  id                 bigint generated always as identity primary key,
  source_delivery_id bigint not null,
  source_mailing_id  bigint not null,
  forwarder_id       bigint not null,           -- contact who forwarded; 0 if a friend forwarded again
  mailing_id         bigint not null references mailings,
  delivery_id        bigint not null,
  address            text,                      -- null once purged
  address_hash       bytea not null,            -- keyed: limits and opt-out work after the purge
  friend_name        text,
  ip_hash            bytea not null,            -- keyed: limits by where the form was sent from
  at                 timestamptz not null default now()
);
create index forwards_source on forwards (source_delivery_id);
create index forwards_mailing on forwards (source_mailing_id);
create index forwards_limits on forwards (address_hash, at);
create index forwards_ip on forwards (ip_hash, at);
create index forwards_at on forwards (at);
create unique index forwards_delivery on forwards (delivery_id);
create index forwards_purge on forwards (at) where address is not null;

-- Friends who want no more forwarded copies. Only a keyed hash: a friend is no contact and is not remembered by name.
create table forward_opt_outs (
  address_hash bytea primary key,
  at           timestamptz not null default now()
);
