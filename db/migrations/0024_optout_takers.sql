-- [T40] Processes that take unsubscribes, which may wait on their disks while the database is away. Each says every two seconds that
-- all it took is here; a sender begins nothing while one of them should have said so and did not, for a minute at most.
create table opt_out_takers (
  name      text primary key,     -- machine, process number and a throw of the dice, as in the names of its files
  node      text not null,        -- the data directory: its next process brings what this one left there
  heard_at  timestamptz not null, -- by this clock, when all that it took was here
  missed_at timestamptz           -- when a sender noticed its silence
);
