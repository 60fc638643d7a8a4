-- The context a journey gives its messages, and the roads mail leaves by.

create table content_settings (
  id             bigint generated always as identity primary key,
  name           text not null,
  is_default     boolean not null default false,
  company_name   text not null default '',
  postal_address text not null default '',
  website_url    text not null default '',
  social_links   jsonb not null default '{}',   -- {"facebook": "https://…"}
  from_name      text not null default '',
  from_address   text not null default '',
  reply_to       text not null default '',
  brand_color    text not null default '',
  logo_url       text not null default '',
  center_intro   text not null default '',      -- text on the subscription centre
  forward_intro  text not null default '',      -- text on the forward page
  texts          jsonb not null default '{}',   -- the marketer's own text fields, by key
  updated_at     timestamptz not null default now()
);
create unique index content_settings_one_default on content_settings (is_default) where is_default;

create table sending_domains (
  id         bigint generated always as identity primary key,
  domain     text not null unique,
  checked_at timestamptz,                       -- when its DNS was last looked at
  findings   jsonb not null default '[]',       -- what was found: core/senders/domain-record.ts
  created_at timestamptz not null default now()
);

create table dkim_keys (
  id                bigint generated always as identity primary key,
  domain_id         bigint not null references sending_domains on delete cascade,
  selector          text not null,
  algorithm         text not null check (algorithm in ('rsa-sha256', 'ed25519-sha256')),
  public_key        text not null,              -- base64, as in the DNS record
  private_key_box   bytea not null,             -- sealed with the instance key
  is_active         boolean not null default true,
  created_at        timestamptz not null default now(),
  unique (domain_id, selector)
);

create table routes (
  id                  bigint generated always as identity primary key,
  name                text not null,
  host                text not null,
  port                integer not null check (port between 1 and 65535),
  tls                 text not null check (tls in ('none', 'starttls', 'starttls-required', 'implicit')),
  username            text,
  password_box        bytea,                    -- sealed with the instance key
  trusted_certificate text,                     -- PEM of a private authority to trust besides the usual ones
  bounce_domain       text,                     -- VERP addresses at it; null: bounces go to the From address
  max_connections     integer not null default 5 check (max_connections between 1 and 200),
  messages_per_second numeric,                  -- null: no limit
  is_default          boolean not null default false,
  is_mailbox          boolean not null default false,  -- the built-in test mailbox
  created_at          timestamptz not null default now(),
  updated_at          timestamptz not null default now()
);
create unique index routes_one_default on routes (is_default) where is_default;
