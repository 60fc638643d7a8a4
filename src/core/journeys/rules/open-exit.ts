import type { Finding } from "../../kernel/finding.ts";
import { type Exit, exitsOf, findTile, type Graph } from "../graph.ts";

const exitNames: Record<Exit, string> = {
  next: "way out",
  yes: "yes exit",
  no: "no exit",
  timeout: "time-out exit",
};

/** [J41] Every exit leads to a tile, and no edge hangs in the air. */
export function openExits(graph: Graph): Finding[] {
  const open = graph.tiles.flatMap((tile) =>
    exitsOf(tile.kind)
      .filter((exit) => !graph.edges.some((edge) => edge.from === tile.id && edge.exit === exit))
      .map((exit) => openExit(tile.id, exitNames[exit])),
  );
  const dead = graph.edges
    .filter(({ from, exit, to }) => {
      const source = findTile(graph, from);
      return !source || !exitsOf(source.kind).includes(exit) || !findTile(graph, to);
    })
    .map(({ from }) => deadEdge(from));
  const seen = new Set<string>();
  const doubled = graph.edges
    .filter(({ from, exit }) => seen.size === seen.add(`${from} ${exit}`).size)
    .map(({ from }) => doubleEdge(from));
  return [...open, ...dead, ...doubled];
}

function openExit(nodeId: string, exit: string): Finding {
  return {
    code: "journey.exit-open",
    severity: "error",
    message: `The ${exit} leads nowhere.`,
    why: "Contacts who leave this way would be stuck.",
    fix: "Connect it to the next tile, or to an end.",
    where: { field: "journey", nodeId },
  };
}

function deadEdge(nodeId: string): Finding {
  return {
    code: "journey.edge-dead",
    severity: "error",
    message: "A connection leads to or from a tile that is not there.",
    why: "Contacts cannot travel it.",
    fix: "Delete the connection.",
    where: { field: "journey", nodeId },
  };
}

function doubleEdge(nodeId: string): Finding {
  return {
    code: "journey.exit-doubled",
    severity: "error",
    message: "One exit leads to two tiles.",
    why: "A contact can only be at one tile.",
    fix: "Keep one of the connections.",
    where: { field: "journey", nodeId },
  };
}
