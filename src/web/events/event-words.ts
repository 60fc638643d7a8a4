import type { EventSummary } from "#contract/events.ts";
import type { EventState } from "#core/pages/event-lifecycle.ts";
import { formatNumber } from "../ui/format.ts";
import type { Tone } from "../ui/StatusBadge.tsx";

/** How a state is shown. */
export const stateWords: Record<EventState, { readonly label: string; readonly tone: Tone }> = {
  draft: { label: "Draft", tone: "quiet" },
  open: { label: "Open", tone: "good" },
  closed: { label: "Closed", tone: "warn" },
  cancelled: { label: "Cancelled", tone: "bad" },
};

/** "12 of 50", or "12" where there is no limit. */
export function placesWords({ registered, capacity }: Pick<EventSummary, "registered" | "capacity">): string {
  return capacity === null
    ? formatNumber(registered)
    : `${formatNumber(registered)} of ${formatNumber(capacity)}`;
}
