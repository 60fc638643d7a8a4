import { z } from "zod";
import { refuse } from "#contract/errors.ts";
import { describePassage, describeTile, type Names } from "#core/journeys/describe.ts";
import { exitSchema, findTile, type Graph } from "#core/journeys/graph.ts";
import { type Queries, sql } from "#server/platform/index.ts";
import type { JourneyRow } from "./store.ts";

const passageRow = z.object({
  node_id: z.string(),
  exit: exitSchema,
  arrived_at: z.date(),
  left_at: z.date(),
});

export type TraceStep = {
  readonly tileId: string;
  readonly title: string;
  readonly what: string;
  readonly arrivedAt: Date;
  readonly leftAt: Date | null;
};

type VisitRow = {
  readonly id: string;
  readonly node_id: string;
  readonly entered_at: Date;
  readonly arrived_at: Date;
  readonly due_at: Date | number;
  readonly finished_at: Date | null;
  readonly finish_reason: string | null;
};

/** Says step by step what one contact went through, in the words of the graph. [J2] */
export async function traceContact(
  queries: Queries,
  { id, graph, settings }: JourneyRow,
  contactId: string,
  names: Names,
): Promise<{ enteredAt: Date; finishedAt: Date | null; steps: TraceStep[] }> {
  const visit = await queries.first<VisitRow>(sql`
    select id, node_id, entered_at, arrived_at, due_at, finished_at, finish_reason
    from journey_visits where journey_id = ${id} and contact_id = ${contactId}`);
  if (!visit) return refuse("journey.contact-not-inside");
  const passages = await queries.rows(sql`
    select node_id, exit, arrived_at, left_at from journey_passages where visit_id = ${visit.id} order by step`);
  const say = sayer(graph, names, settings.timeZone);
  return {
    enteredAt: visit.entered_at,
    finishedAt: visit.finished_at,
    steps: [
      ...say.entering(visit),
      ...passages.map((passage) => say.passing(passageRow.parse(passage))),
      say.standing(visit),
    ],
  };
}

function sayer(graph: Graph, names: Names, timeZone: string) {
  const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone });
  const showTime = (moment: Date) => format.format(moment);
  const title = (tileId: string) => {
    const tile = findTile(graph, tileId);
    return tile ? tile.label || describeTile(tile, names, showTime) : tileId;
  };
  return {
    entering(visit: VisitRow): TraceStep[] {
      const start = graph.tiles.find(({ kind }) => kind === "segment-start");
      if (!start) return [];
      const what = describePassage(start, "next", names, showTime);
      return [
        {
          tileId: start.id,
          title: title(start.id),
          what,
          arrivedAt: visit.entered_at,
          leftAt: visit.entered_at,
        },
      ];
    },
    passing({ node_id, exit, arrived_at, left_at }: z.infer<typeof passageRow>): TraceStep {
      const tile = findTile(graph, node_id);
      const what = tile ? describePassage(tile, exit, names, showTime) : "Passed";
      return { tileId: node_id, title: title(node_id), what, arrivedAt: arrived_at, leftAt: left_at };
    },
    standing(visit: VisitRow): TraceStep {
      const due = visit.due_at instanceof Date ? ` until ${showTime(visit.due_at)}` : "";
      const what =
        {
          end: "Reached the end",
          stopped: "The journey was stopped while the contact was here",
          erased: "The contact was erased",
        }[visit.finish_reason ?? ""] ?? `Is here${due}`;
      return {
        tileId: visit.node_id,
        title: title(visit.node_id),
        what,
        arrivedAt: visit.arrived_at,
        leftAt: visit.finished_at,
      };
    },
  };
}
