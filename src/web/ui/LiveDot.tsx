import { formatClock } from "./format.ts";
import css from "./LiveDot.module.css";

/** Says how fresh what is shown is: a dot that breathes while it updates by itself, and the time of the last answer. */
export function LiveDot({
  at,
  isLive = true,
}: {
  /** When the data was fetched, in milliseconds: `query.dataUpdatedAt`. */
  readonly at: number;
  readonly isLive?: boolean;
}) {
  if (!at) return null;
  return (
    <span className={css.live} data-live={isLive}>
      {isLive ? "Live, as of" : "As of"}
      <time dateTime={new Date(at).toISOString()}>{formatClock(at)}</time>
    </span>
  );
}
