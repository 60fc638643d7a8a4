-- A contact is a person with an email address.

create table contacts (
  id         bigint generated always as identity primary key,
  email      text not null,                     -- as given, trimmed; what mail is sent to
  email_key  text not null unique,              -- normalised (core/contacts/address.ts): what makes it the same address
  first_name text,
  last_name  text,
  language   text,                              -- BCP 47
  time_zone  text,                              -- IANA
  country    text,                              -- ISO 3166-1 alpha-2
  city       text,
  attributes jsonb not null default '{}',       -- custom attributes by key, typed by attribute_definitions
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index contacts_attributes on contacts using gin (attributes jsonb_path_ops);
create index contacts_city on contacts (city);
create index contacts_country on contacts (country);
create index contacts_created on contacts (created_at);

create table attribute_definitions (
  key           text primary key check (key ~ '^[a-z][a-z0-9_]{0,62}$'),
  label         text not null,
  type          text not null check (type in ('text', 'number', 'boolean', 'date', 'datetime', 'choice', 'choices', 'list')),
  choices       text[] not null default '{}',
  default_value jsonb,
  position      integer not null default 0,
  created_at    timestamptz not null default now()
);

create table imports (
  id              bigint generated always as identity primary key,
  file_name       text not null,
  stored_file     text not null,                -- below the data directory
  size_bytes      bigint not null,
  state           text not null check (state in ('uploaded', 'running', 'finished', 'cancelled', 'failed')),
  format          jsonb not null default '{}',  -- delimiter, encoding, header
  mapping         jsonb,                        -- column -> field; null until confirmed
  on_duplicate    text not null default 'update' check (on_duplicate in ('update', 'skip')),
  consent_topic_id bigint,
  read_bytes      bigint not null default 0,    -- how far it is durably done: where a crash resumes
  read_rows       bigint not null default 0,
  created_rows    bigint not null default 0,
  updated_rows    bigint not null default 0,
  skipped_rows    bigint not null default 0,
  failed_rows     bigint not null default 0,
  problem         text,
  created_by      bigint references users,
  created_at      timestamptz not null default now(),
  started_at      timestamptz,
  finished_at     timestamptz
);

create table import_errors (
  import_id bigint not null references imports on delete cascade,
  row       bigint not null,
  code      text not null,
  message   text not null,
  line      text not null,
  primary key (import_id, row)
);
