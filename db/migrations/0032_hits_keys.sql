-- Who made a tracking key, and which are no longer trusted for anything but unsubscribing.
alter table tracking_keys
  add column actor_label text not null default 'Postroad',
  add column retired_at  timestamptz,
  add column retired_by  text;
