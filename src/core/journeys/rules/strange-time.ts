import type { Finding } from "../../kernel/finding.ts";
import type { JourneyFacts } from "../check-graph.ts";
import { type Duration, type Graph, secondsOf, type Tile } from "../graph.ts";

const yearSeconds = 366 * 86_400;

/** [J45] Durations are at least a minute and at most a year; dates lie ahead. */
export function strangeTimes(graph: Graph, { now }: JourneyFacts): Finding[] {
  return graph.tiles.flatMap((tile) => [
    ...durationsOf(tile).flatMap((duration) => strangeDuration(tile.id, duration)),
    ...strangeDate(tile, now),
    ...pastExpiry(tile, now),
  ]);
}

function durationsOf(tile: Tile): Duration[] {
  if (tile.kind === "trigger") return [tile.timeout];
  if (tile.kind === "wait" && tile.until.kind === "duration") return [tile.until.duration];
  if (tile.kind === "send" && tile.expires?.kind === "duration") return [tile.expires.duration];
  return [];
}

function pastExpiry(tile: Tile, now: Date): Finding[] {
  if (tile.kind !== "send" || tile.expires?.kind !== "date-time" || !tile.expires.at) return [];
  if (new Date(tile.expires.at) > now) return [];
  return [
    {
      code: "journey.expiry-past",
      severity: "error",
      message: "The date after which this is not sent any more has passed.",
      why: "Nobody would get the message.",
      fix: "Choose a later date, or let it be sent whenever its time comes.",
      where: { field: "journey", nodeId: tile.id },
    },
  ];
}

function strangeDuration(nodeId: string, duration: Duration): Finding[] {
  const seconds = secondsOf(duration);
  if (seconds === 0)
    return [
      {
        code: "journey.duration-zero",
        severity: "error",
        message: "The time is zero.",
        why: "Contacts would pass without waiting.",
        fix: "Enter how long to wait, or delete the tile.",
        where: { field: "journey", nodeId },
      },
    ];
  if (seconds <= yearSeconds) return [];
  return [
    {
      code: "journey.duration-absurd",
      severity: "error",
      message: `The wait of ${duration.amount} ${duration.unit} is longer than a year.`,
      why: "Contacts would be held for so long that the next message comes out of the blue.",
      fix: "Choose at most 366 days.",
      where: { field: "journey", nodeId },
    },
  ];
}

function strangeDate(tile: Tile, now: Date): Finding[] {
  if (tile.kind !== "wait" || tile.until.kind !== "date-time" || !tile.until.at) return [];
  const ahead = new Date(tile.until.at).getTime() - now.getTime();
  if (ahead > 0 && ahead <= 2 * yearSeconds * 1000) return [];
  return [
    {
      code: ahead > 0 ? "journey.date-far" : "journey.date-past",
      severity: "warning",
      message: ahead > 0 ? "The date is more than two years ahead." : "The date has passed.",
      why: ahead > 0 ? "Contacts wait until then." : "Contacts will pass this tile without waiting.",
      fix: "Check the date.",
      where: { field: "journey", nodeId: tile.id },
    },
  ];
}
