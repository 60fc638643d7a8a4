-- Lives of DKIM keys, what DNS says of them, and when a domain is looked at next.

alter table sending_domains
  add column if_key_differs text not null default 'hold' check (if_key_differs in ('hold', 'unsigned')),
  add column next_check_at timestamptz not null default now();
update sending_domains set findings = '[]', checked_at = null;   -- written by other rules
create index sending_domains_due on sending_domains (next_check_at);

alter table dkim_keys
  add column published text check (published in ('right', 'testing', 'missing', 'different', 'revoked', 'several')),
  add column was_seen boolean not null default false,            -- its record was right once
  add column is_forced boolean not null default false,           -- signs although its record was not found
  add column signing_since timestamptz,
  add column retired_at timestamptz,
  add column replaces_id bigint references dkim_keys on delete set null;
-- Keys that signed before they were looked after go on until DNS was asked.
update dkim_keys set signing_since = created_at, is_forced = true where is_active;
create index dkim_keys_replaced on dkim_keys (replaces_id) where replaces_id is not null;

-- A mailing that is paused because its domain's key differs from DNS; resumed when it agrees again.
alter table mailings add column held_domain text;
create index mailings_held on mailings (held_domain) where held_domain is not null;
