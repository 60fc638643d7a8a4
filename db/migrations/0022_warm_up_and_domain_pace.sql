-- [D24] A new route's mail grows day by day: {plan, ceilings, startsOn, pausedOn}. Null: no warm-up.
alter table routes add column warm_up jsonb;
