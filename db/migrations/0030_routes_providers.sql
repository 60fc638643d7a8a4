-- [S11] SendGrid and Postmark, which are given the parts of a message. Postmark has a message stream, SendGrid nothing beside its key.
alter table routes
  drop constraint routes_kind_check,
  drop constraint routes_of_providers,
  add constraint routes_kind_check check (kind in ('smtp', 'ses', 'mailgun', 'sendgrid', 'postmark')),
  add constraint routes_of_providers check (
    (kind in ('smtp', 'sendgrid')) = (provider_scope is null) and (kind = 'smtp' or (username is not null and tls in ('none', 'implicit'))));
