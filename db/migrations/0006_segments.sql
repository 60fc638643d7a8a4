-- A segment is a rule, or a hand-picked list, that yields contacts.

create table segments (
  id          bigint generated always as identity primary key,
  name        text not null,
  description text not null default '',
  kind        text not null check (kind in ('dynamic', 'static')),
  definition  jsonb,                            -- core/segments/condition.ts; null for static
  created_by  bigint references users,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  archived_at timestamptz
);

create table segment_members (
  segment_id bigint not null references segments on delete cascade,
  contact_id bigint not null references contacts on delete cascade,
  added_at   timestamptz not null default now(),
  primary key (segment_id, contact_id)
);
create index segment_members_contact on segment_members (contact_id);
