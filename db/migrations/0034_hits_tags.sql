-- [W10] The utm parameters that links are led on with: by content settings, or by a message for itself.
alter table content_settings add column link_tags jsonb not null
  default '{"source": "", "medium": "", "campaign": "", "content": "", "term": "", "domains": []}';
alter table messages add column link_tags jsonb; -- null: as the content settings say
-- Read by trackers apart from the source, which is large. Null: as the content settings say.
alter table message_versions add column link_tags jsonb;
create index message_versions_tagged on message_versions (id) where link_tags is not null;
