-- [D111] A receiving domain that said that mail comes too fast has its pace slowed down for a while: to so many messages a second at
-- that moment, growing evenly to the whole pace. [D112] A temporary pace is there only for that.
alter table domain_paces
  add column is_temporary boolean not null default false,
  add column slowed_to    double precision check (slowed_to > 0),
  add column slowed_at    timestamptz,
  add column slowed_by    text, -- what the receiver said
  add constraint domain_paces_slowed check (num_nulls(slowed_to, slowed_at, slowed_by) in (0, 3) and (not is_temporary or slowed_to is not null));
