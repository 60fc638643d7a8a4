-- [D30] Circuit breakers. What may trip one is rare, so a partial index holds just that and costs an accepted row nothing.
create index delivery_log_alarming on delivery_log (mailing_id, at)
  where outcome in ('refused', 'in-doubt') or (outcome = 'skipped' and attempts = 1);
create index bounces_mailing_at on bounces (mailing_id, at) where is_hard;

-- Since when the breakers of a mailing count, and what had been tried, accepted and complained about until then. A window ends when
-- it is long enough, or when a person lets the mailing go on.
create table mailing_breakers (
  mailing_id bigint primary key references mailings,
  since      timestamptz not null,
  tried      bigint not null,
  alarm      text                               -- what is not yet bad enough to stop for
);
-- What happened before there were breakers stops nothing.
insert into mailing_breakers (mailing_id, since, tried)
select mailing_id, now(), sum(total) from mailing_totals
where outcome in ('accepted', 'refused', 'given-up', 'in-doubt') group by mailing_id;
alter table mailings add column is_tripped boolean not null default false; -- paused by a breaker
