-- Routes that hand mail over to a provider's HTTP API in place of an SMTP server.

alter table routes
  add column kind           text not null default 'smtp' check (kind in ('smtp', 'ses', 'mailgun')),
  add column provider_scope text, -- Amazon SES: the region; Mailgun: the sending domain
  add constraint routes_of_providers check (
    (kind = 'smtp') = (provider_scope is null) and (kind = 'smtp' or (username is not null and tls in ('none', 'implicit'))));
