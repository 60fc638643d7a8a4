-- [D72] When deliveries were meant to leave, and what waits for a person because that was long ago.
alter table delivery_chunks
  add column planned_at timestamptz not null default now(),
  add column late text check (late in ('held', 'skip')); -- held: waits for a person; skip: somebody said so
create index delivery_chunks_late on delivery_chunks (mailing_id) where late = 'held' and finished_at is null;

-- [D72] When a sender was last alive: how long nobody was tells how late what waits would leave.
create table sender_watch (
  is_only boolean primary key default true check (is_only),
  beat_at timestamptz not null default now()
);
insert into sender_watch default values;

-- Since when a mailing is paused, whoever paused it.
alter table mailings add column paused_at timestamptz;
update mailings set paused_at = now() where state = 'paused';
create function note_pause() returns trigger language plpgsql as $$
begin
  if new.state <> 'paused' then new.paused_at = null;
  elsif old.state <> 'paused' then new.paused_at = now();
  end if;
  return new;
end $$;
create trigger mailings_note_pauses before update of state on mailings for each row execute function note_pause();
