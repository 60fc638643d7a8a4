-- Ways in of what comes back, beside mail: addresses that providers tell about bounces and complaints.
create table webhooks (
  id             bigint generated always as identity primary key,
  name           text not null,
  provider       text not null check (provider in ('ses', 'sendgrid', 'mailgun', 'postmark')),
  secret_hash    bytea not null unique,  -- SHA-256 of the secret in its address
  secret_box     bytea not null,         -- the same secret, sealed, to show the address again
  previous_hash  bytea,                  -- the secret before; taken until previous_until, so that nothing is lost meanwhile
  previous_until timestamptz,
  topic_arn      text,                   -- Amazon SES: the only topic that is listened to
  key_box        bytea,                  -- sealed: SendGrid's public key, Mailgun's signing key, Postmark's user:password
  created_at     timestamptz not null default now(),
  check ((provider = 'ses') = (topic_arn is not null)),
  check (provider in ('ses', 'postmark') or key_box is not null)
);
create index webhooks_previous on webhooks (previous_hash) where previous_hash is not null;

-- Tokens of Mailgun: each opens once. Kept for as long as its time would be believed.
create table webhook_tokens (
  webhook_id bigint not null references webhooks on delete cascade,
  token_hash bytea not null,
  body_hash  bytea not null,             -- the same body again is a repetition, another one a forgery
  at         timestamptz not null default now(),
  primary key (webhook_id, token_hash)
);
create index webhook_tokens_at on webhook_tokens (at);

-- How much came each way: 'smtp', 'imap', 'webhook/<id>'.
create table feedback_totals (
  way     text not null,
  kind    text not null,
  total   bigint not null,
  last_at timestamptz not null default now(),
  note    text,                          -- of what was refused: why, the last time
  primary key (way, kind)
);

create index feedback_way on feedback (way, id);
create index feedback_strange on feedback (at) where source is not null and delivery_id is null;

-- The one mailbox whose mail is taken in by IMAP, and how that goes.
create table bounce_mailbox (
  only_one            boolean primary key default true check (only_one),
  is_on               boolean not null,
  host                text not null,
  port                integer not null,
  tls                 text not null check (tls in ('implicit', 'starttls', 'none')),
  trusted_certificate text,
  username            text not null,
  password_box        bytea not null,
  folder              text not null,
  done_folder         text,              -- where mail goes that was taken; null: it is deleted
  quarantine_folder   text not null,     -- where mail goes that could not be taken
  revision            integer not null default 1,
  lease_owner         uuid,              -- the process that looks into it
  lease_until         timestamptz,
  looked_at           timestamptz,
  waiting             integer,           -- how many were in the folder then
  trouble             text,
  trouble_since       timestamptz
);
