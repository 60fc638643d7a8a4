-- Who may use the product: people, their sessions, machine keys, and what anyone did.

create table settings (
  key        text primary key,
  value      jsonb not null,
  updated_at timestamptz not null default now()
);

create table users (
  id            bigint generated always as identity primary key,
  email         text not null,
  email_key     text not null unique,           -- lower case, for signing in
  name          text not null,
  password_hash text not null,                  -- argon2id
  role          text not null check (role in ('owner', 'admin', 'marketer', 'analyst')),
  created_at    timestamptz not null default now(),
  disabled_at   timestamptz
);

create table sessions (
  token_hash   bytea primary key,               -- SHA-256 of the cookie's token; the token itself is never stored
  user_id      bigint not null references users on delete cascade,
  csrf_token   text not null,
  created_at   timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at   timestamptz not null,
  ip           text,
  user_agent   text
);
create index sessions_user on sessions (user_id);

-- One-time secrets sent out of band: the owner set-up link printed on the console, invitations.
create table one_time_links (
  token_hash bytea primary key,
  purpose    text not null check (purpose in ('owner-setup', 'invitation')),
  email      text,
  role       text check (role in ('admin', 'marketer', 'analyst')),
  created_by bigint references users,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at    timestamptz
);

create table api_keys (
  id           bigint generated always as identity primary key,
  name         text not null,
  prefix       text not null,                   -- the first characters, shown so that a person can tell keys apart
  secret_hash  bytea not null unique,
  role         text not null check (role in ('admin', 'marketer', 'analyst')),
  created_by   bigint references users,
  created_at   timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at   timestamptz
);

create table audit_log (
  id           bigint generated always as identity primary key,
  at           timestamptz not null default now(),
  actor_kind   text not null check (actor_kind in ('user', 'api-key', 'contact', 'system')),
  actor_id     bigint,
  actor_label  text not null,
  action       text not null,                   -- 'message.published', the past tense of what happened
  subject_kind text,
  subject_id   text,
  details      jsonb not null default '{}',
  ip           text
);
create index audit_log_subject on audit_log (subject_kind, subject_id, id desc);
