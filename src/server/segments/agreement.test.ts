import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { matches } from "#core/segments/matches.ts";
import { type SegmentSource, toSql } from "#core/segments/to-sql.ts";
import { anyCondition, flatCondition, worldIds, worldNow, worldZones } from "#test/arbitrary-condition.ts";
import { factsOf, type WorldContact, worldContact } from "#test/arbitrary-contact.ts";
import { createTestDatabase, type TestDatabase } from "#test/database.ts";
import { insertWorld, insertWorldContacts } from "#test/insert-world.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await insertWorld(database.db);
});
afterAll(() => database.drop());

const zone = fc.constantFrom(...worldZones);

/** Contacts are inserted once per batch and every condition is asked of all of them: 6 × 100 conditions, 100 contacts each. */
test.each([1, 2, 3, 4, 5, 6])(
  "[SG1] the database and the in-memory meaning of a condition always agree (batch %i)",
  async (batch) => {
    const contacts: WorldContact[] = fc.sample(worldContact, { seed: batch, numRuns: 100 });
    await insertWorldContacts(database.db, contacts);
    await fc.assert(
      fc.asyncProperty(
        anyCondition,
        zone,
        flatCondition,
        zone,
        async (condition, timeZone, nested, nestedZone) => {
          const frame = { now: worldNow, timeZone };
          const facts = contacts.map(factsOf).map((each) => {
            const isInside = matches(nested, each, { now: worldNow, timeZone: nestedZone });
            return {
              ...each,
              segmentIds: [...each.segmentIds, ...(isInside ? [worldIds.dynamicSegment] : [])],
            };
          });
          const segments = new Map<string, SegmentSource>([
            ...worldIds.staticSegments.map((id): [string, SegmentSource] => [id, { kind: "static" }]),
            [worldIds.dynamicSegment, { kind: "dynamic", condition: nested, timeZone: nestedZone }],
          ]);
          const fragment = toSql(condition, { ...frame, segments });
          const found = await database.db.rows<{ id: string; verdict: boolean | null }>({
            text: `select id, (${fragment.text}) as verdict from contacts order by id`,
            values: fragment.values,
          });
          expect(found.map(({ verdict }) => verdict)).toEqual(
            facts.map((each) => matches(condition, each, frame)),
          );
        },
      ),
      { numRuns: 100, seed: batch },
    );
  },
);
