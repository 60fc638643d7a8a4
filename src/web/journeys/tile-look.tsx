import { IconArrowsSplit2, IconBolt, IconClock, IconFlag, IconMail, IconUsers } from "@tabler/icons-react";
import type { Tile, TileKind } from "#core/journeys/graph.ts";
import type { Tone } from "../ui/StatusBadge.tsx";

const looks = {
  "segment-start": { icon: IconUsers, tone: "good" },
  send: { icon: IconMail, tone: "info" },
  wait: { icon: IconClock, tone: "quiet" },
  trigger: { icon: IconBolt, tone: "warn" },
  if: { icon: IconArrowsSplit2, tone: "warn" },
  end: { icon: IconFlag, tone: "quiet" },
} as const satisfies Record<TileKind, { icon: typeof IconMail; tone: Tone }>;

/** The tone of a kind of tile, as `data-tone` of its icon. */
export function toneOf(kind: TileKind): Tone {
  return looks[kind].tone;
}

/** The icon of a kind of tile. */
export function TileIcon({ kind, size = 18 }: { readonly kind: Tile["kind"]; readonly size?: number }) {
  const Icon = looks[kind].icon;
  return <Icon aria-hidden size={size} />;
}

/** What can be added to a journey, in the order of the palette, each with a sentence for who has not used it. */
export const palette = [
  { kind: "send", hint: "Sends one live message" },
  { kind: "wait", hint: "Holds contacts for a time or until a date" },
  { kind: "trigger", hint: "Waits until a contact does something, or a time-out" },
  { kind: "if", hint: "Parts contacts by a rule" },
  { kind: "end", hint: "Ends the way here" },
] as const satisfies readonly { kind: TileKind; hint: string }[];
