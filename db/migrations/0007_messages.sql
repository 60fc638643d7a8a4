-- A message is an email design: one editable draft, and the immutable versions that went live.

create table templates (
  id         bigint generated always as identity primary key,
  key        text unique,                       -- built-in templates have one
  name       text not null,
  category   text not null default '',
  subject    text not null default '',
  preheader  text not null default '',
  html       text not null,
  created_at timestamptz not null default now()
);

create table messages (
  id              bigint generated always as identity primary key,
  name            text not null,
  designation     text not null default 'commercial' check (designation in ('commercial', 'transactional')),
  topic_id        bigint references topics,
  template_id     bigint references templates,
  subject         text not null default '',
  preheader       text not null default '',
  from_name       text not null default '',
  from_address    text not null default '',
  reply_to        text not null default '',
  html            text not null default '',
  text            text,                         -- null: made from the HTML
  track_opens     boolean not null default true,
  track_clicks    boolean not null default true,
  revision        integer not null default 1,   -- rises with each save; a save names the one it edited
  live_version_id bigint,                       -- null: draft, or stopped
  stopped_at      timestamptz,
  archived_at     timestamptz,
  created_by      bigint references users,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now()
);

-- [M1] A live version never changes: what was checked is what is sent.
create table message_versions (
  id           bigint generated always as identity primary key,
  message_id   bigint not null references messages,
  number       integer,                         -- null: frozen for a test send only
  revision     integer not null,                -- the draft revision it was made from
  source       jsonb not null,                  -- core/messages/message-source.ts
  compiled     jsonb not null,                  -- core/messages/compiled-message.ts
  links        jsonb not null,                  -- the link table: [{number, url|null, label, place}]
  topic_id     bigint references topics,
  content_hash text not null,                   -- SHA-256 of source
  findings     jsonb not null default '[]',     -- what the check said when it went live
  created_by   bigint references users,
  created_at   timestamptz not null default now(),
  unique (message_id, number)
);
alter table messages add foreign key (live_version_id) references message_versions;
create trigger message_versions_never_change before update or delete on message_versions
  for each row execute function refuse_change();
