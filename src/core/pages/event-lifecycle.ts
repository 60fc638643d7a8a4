/** What an event can be. Only an open one takes registrations; a cancelled one stays cancelled. */
export const eventStates = ["draft", "open", "closed", "cancelled"] as const;
export type EventState = (typeof eventStates)[number];

export const eventActions = ["open", "close", "cancel"] as const;
export type EventAction = (typeof eventActions)[number];

const moves: Record<EventAction, Partial<Record<EventState, EventState>>> = {
  open: { draft: "open", closed: "open" },
  close: { open: "closed" },
  cancel: { draft: "cancelled", open: "cancelled", closed: "cancelled" },
};

/** [E1] Where an action leads from a state; undefined if it is not possible there. */
export function moveEvent(state: EventState, action: EventAction): EventState | undefined {
  return moves[action][state];
}

/** [E3] What a newcomer gets: a place while there is one, else the waiting list. `capacity` null means no limit. */
export function placeFor(capacity: number | null, registered: number): "registered" | "waiting" {
  return capacity === null || registered < capacity ? "registered" : "waiting";
}

/** [E4] How many of those who wait move up. */
export function movingUp(capacity: number | null, registered: number, waiting: number): number {
  return capacity === null ? waiting : Math.max(0, Math.min(waiting, capacity - registered));
}
