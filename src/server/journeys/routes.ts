import { z } from "zod";
import { journeyRoutes } from "#contract/journeys.ts";
import { fromId, type IdKind, toId } from "#core/kernel/ids.ts";
import { readCursor, toPage } from "#server/platform/http/cursor.ts";
import type { Http } from "#server/platform/http/implement.ts";
import type { Clock, Database } from "#server/platform/index.ts";
import { pauseJourney, resumeJourney, stopJourney } from "./change-state.ts";
import { checkJourney } from "./check-journey.ts";
import { gatherNames } from "./gather-journey-facts.ts";
import type { JourneyNeeds } from "./needs.ts";
import { presentJourney, presentSummary } from "./present-journey.ts";
import { publishJourney, updateMessages } from "./publish-journey.ts";
import { listContactsAtTile, readNumbers } from "./read-numbers.ts";
import {
  archiveJourney,
  copyJourney,
  createJourney,
  getJourney,
  restoreJourney,
  saveJourney,
} from "./save-journey.ts";
import { type JourneyRow, listJourneys } from "./store.ts";
import { traceContact } from "./trace-contact.ts";

type Deps = { readonly db: Database; readonly clock: Clock; readonly needs: JourneyNeeds };

const updatedCursor = z.tuple([z.iso.datetime(), z.string().regex(/^[0-9]{1,19}$/)]);
const arrivalCursor = z.tuple([z.string().regex(/^[0-9]{1,19}$/), z.number().int()]);

/** An id of the contract was parsed before, so it has a row number. */
const rowOf = (kind: IdKind, id: string) => fromId(kind, id) ?? "0";
const journeyOf = ({ journeyId }: { readonly journeyId: string }) => rowOf("journey", journeyId);

/** Binds the routes of journeys. */
export function bindJourneyRoutes(http: Http, deps: Deps): void {
  const present = (row: JourneyRow) => presentJourney(deps.db, deps.needs, row);
  bindDrafts(http, deps, present);
  bindLifecycle(http, deps, present);
  bindNumbers(http, deps);
}

type Present = (row: JourneyRow) => ReturnType<typeof presentJourney>;

function bindDrafts(http: Http, deps: Deps, present: Present): void {
  const { db } = deps;
  http.implement(journeyRoutes.list, async ({ query }) => {
    const cursor = readCursor(query.cursor, updatedCursor);
    const rows = await listJourneys(db, {
      limit: query.limit + 1,
      after: cursor && { at: cursor[0], id: cursor[1] },
      search: query.search,
      state: query.state,
    });
    return toPage(rows, query.limit, (row) => [row.updatedAtExact, row.id], presentSummary);
  });
  http.implement(journeyRoutes.create, async ({ body, actor }) =>
    present(await createJourney(deps, actor, body)),
  );
  http.implement(journeyRoutes.get, async ({ params }) => present(await getJourney(db, journeyOf(params))));
  http.implement(journeyRoutes.save, async ({ params, body, actor }) =>
    present(await saveJourney(deps, actor, { id: journeyOf(params), ...body })),
  );
  http.implement(journeyRoutes.copy, async ({ params, actor }) =>
    present(await copyJourney(deps, actor, journeyOf(params))),
  );
  http.implement(journeyRoutes.archive, async ({ params, actor }) =>
    present(await archiveJourney(deps, actor, journeyOf(params))),
  );
  http.implement(journeyRoutes.restore, async ({ params, actor }) =>
    present(await restoreJourney(deps, actor, journeyOf(params))),
  );
}

function bindLifecycle(http: Http, deps: Deps, present: Present): void {
  http.implement(journeyRoutes.check, ({ params, query }) =>
    checkJourney(deps, journeyOf(params), { withAudience: query.audience === "yes" }),
  );
  http.implement(journeyRoutes.goLive, async ({ params, body, actor }) =>
    present(await publishJourney(deps, actor, { id: journeyOf(params), revision: body.revision })),
  );
  http.implement(journeyRoutes.pause, async ({ params, actor }) =>
    present(await pauseJourney(deps, actor, journeyOf(params))),
  );
  http.implement(journeyRoutes.resume, async ({ params, actor }) =>
    present(await resumeJourney(deps, actor, journeyOf(params))),
  );
  http.implement(journeyRoutes.stop, async ({ params, body, actor }) =>
    present(await stopJourney(deps, actor, { id: journeyOf(params), confirm: body.confirm })),
  );
  http.implement(journeyRoutes.updateMessages, async ({ params, actor }) =>
    present(await updateMessages(deps, actor, journeyOf(params))),
  );
}

function bindNumbers(http: Http, { db, clock, needs }: Deps): void {
  http.implement(journeyRoutes.numbers, async ({ params }) => {
    const numbers = await readNumbers(db, await getJourney(db, journeyOf(params)));
    return { asOf: clock.now().toISOString(), ...numbers };
  });
  http.implement(journeyRoutes.contactsAtTile, async ({ params, query }) => {
    const { liveVersionId, graph } = await getJourney(db, journeyOf(params));
    const cursor = readCursor(query.cursor, arrivalCursor);
    const rows = await listContactsAtTile(db, {
      versionId: liveVersionId,
      tileId: params.tileId,
      isStart: graph.tiles.some(({ id, kind }) => id === params.tileId && kind === "segment-start"),
      group: query.group,
      after: cursor && { visitId: cursor[0], step: cursor[1] },
      limit: query.limit + 1,
    });
    return toPage(
      rows,
      query.limit,
      ({ visitId, step }) => [visitId, step],
      ({ contactId, email, name, arrivedAt, leftAt }) => ({
        contactId: toId("contact", contactId),
        email,
        name,
        arrivedAt: arrivedAt.toISOString(),
        leftAt: leftAt?.toISOString() ?? null,
      }),
    );
  });
  http.implement(journeyRoutes.trace, async ({ params }) => {
    const journey = await getJourney(db, journeyOf(params));
    const names = await gatherNames(db, needs, journey.graph);
    const trace = await traceContact(db, journey, rowOf("contact", params.contactId), names);
    return {
      journeyId: params.journeyId,
      contactId: params.contactId,
      enteredAt: trace.enteredAt.toISOString(),
      finishedAt: trace.finishedAt?.toISOString() ?? null,
      steps: trace.steps.map(({ arrivedAt, leftAt, ...step }) => ({
        ...step,
        arrivedAt: arrivedAt.toISOString(),
        leftAt: leftAt?.toISOString() ?? null,
      })),
    };
  });
}
