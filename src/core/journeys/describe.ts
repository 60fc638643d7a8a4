import type { Duration, Exit, Happening, Tile, WaitUntil } from "./graph.ts";

/** What people call the things that tiles refer to, by public id, and the conditions of `if` tiles in words, by tile. */
export type Names = {
  readonly segments: Readonly<Record<string, { readonly name: string }>>;
  readonly messages: Readonly<Record<string, { readonly name: string; readonly isLive: boolean }>>;
  readonly events: Readonly<Record<string, { readonly name: string }>>;
  readonly conditions: Readonly<Record<string, string>>;
};

/** How a moment is shown: in the journey's time zone, in the reader's language. */
export type ShowTime = (moment: Date) => string;

/** A duration as people say it: "1 day", "36 hours". */
export function describeDuration({ amount, unit }: Duration): string {
  return `${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`;
}

const kindNames = {
  "segment-start": "Start",
  send: "Send email",
  wait: "Wait",
  trigger: "Trigger",
  if: "If",
  end: "End",
} as const satisfies Record<Tile["kind"], string>;

/** The name of a kind of tile. */
export function nameOfKind(kind: Tile["kind"]): string {
  return kindNames[kind];
}

/** What a tile does, in one line: "Send “Invite”", "Wait 1 day", "Registered for “Gala” within 7 days?". */
export function describeTile(tile: Tile, names: Names, showTime: ShowTime): string {
  switch (tile.kind) {
    case "segment-start":
      return tile.segmentId
        ? `Members of ${quote(names.segments[tile.segmentId]?.name)}`
        : "Choose a segment";
    case "send":
      return tile.messageId
        ? `Send ${quote(names.messages[tile.messageId]?.name)}${describeExpiry(tile.expires, showTime)}`
        : "Choose a message";
    case "wait":
      if (tile.until.kind === "duration") return `Wait ${describeDuration(tile.until.duration)}`;
      return tile.until.at ? `Wait until ${showTime(new Date(tile.until.at))}` : "Choose a date";
    case "trigger": {
      const happening = describeHappening(tile.happening, names);
      return happening ? `${happening} within ${describeDuration(tile.timeout)}?` : "Choose what to wait for";
    }
    case "if":
      if (!tile.condition) return "Choose a condition";
      return names.conditions[tile.id] ?? "Meets a condition";
    case "end":
      return "The journey ends here";
  }
}

/** What passing a tile by an exit meant for a contact: "Did not register for “Gala” within 7 days". */
export function describePassage(tile: Tile, exit: Exit, names: Names, showTime: ShowTime): string {
  switch (tile.kind) {
    case "segment-start":
      return "Entered, being a member of the segment";
    case "send":
      return `Was handed ${quote(names.messages[tile.messageId ?? ""]?.name)} for sending`;
    case "wait":
      if (tile.until.kind === "duration") return `Waited ${describeDuration(tile.until.duration)}`;
      return tile.until.at ? `Waited until ${showTime(new Date(tile.until.at))}` : "Waited";
    case "trigger": {
      const happening = describeHappening(tile.happening, names) ?? "It happened";
      return exit === "yes"
        ? happening
        : `Not within ${describeDuration(tile.timeout)}: ${happening.toLowerCase()}`;
    }
    case "if":
      return `${exit === "yes" ? "Yes" : "No"}: ${names.conditions[tile.id] ?? "the condition"}`;
    case "end":
      return "Reached the end";
  }
}

/** What an exit of a tile is called on the canvas. */
export function describeExit(exit: Exit): string {
  return { next: "Next", yes: "Yes", no: "No", timeout: "Time-out" }[exit];
}

function describeExpiry(expires: WaitUntil | undefined, showTime: ShowTime): string {
  if (expires?.kind === "duration") return ` within ${describeDuration(expires.duration)}`;
  return expires?.at ? `, not after ${showTime(new Date(expires.at))}` : "";
}

function describeHappening(happening: Happening, names: Names): string | undefined {
  if (happening.kind === "registered")
    return happening.eventId ? `Registered for ${quote(names.events[happening.eventId]?.name)}` : undefined;
  if (!happening.of) return undefined;
  const verb = { opened: "Opened", clicked: "Clicked in", forwarded: "Forwarded" }[happening.kind];
  if (happening.of.kind === "message")
    return `${verb} ${quote(names.messages[happening.of.messageId]?.name)}`;
  return `${verb} the message of tile ${happening.of.tileId}`;
}

function quote(name: string | undefined): string {
  return name === undefined ? "something that is gone" : `“${name}”`;
}
