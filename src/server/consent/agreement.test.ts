import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type AddressStanding,
  type MailPurpose,
  mailableReason,
  suppressionCategories,
} from "#core/consent/may-send.ts";
import { createTestDatabase, type TestDatabase } from "#test/database.ts";
import { sql } from "../platform/index.ts";
import { mayNotSendSql } from "./may-not-send.ts";

let world: TestDatabase;
beforeAll(async () => {
  world = await createTestDatabase();
  await world.db.run(sql`insert into topics (name) values ('News'), ('Offers')`);
});
afterAll(() => world.drop());

const hour = 3_600_000;
const purpose = fc.record<MailPurpose>({
  designation: fc.constantFrom("commercial", "transactional"),
  topicId: fc.constantFrom(null, "1", "2"),
  isForward: fc.boolean(),
});
/** Distance of the expiry from now in hours; null is never. */
const suppression = fc.record({
  category: fc.constantFrom(...suppressionCategories),
  expiresIn: fc.constantFrom(null, -2, -1, 1, 2),
  isLifted: fc.boolean(),
});
const standing = fc.record({
  consents: fc.dictionary(fc.constantFrom("0", "1", "2"), fc.boolean()),
  suppressions: fc.uniqueArray(suppression, { maxLength: 4, selector: ({ category }) => category }),
});

test("[C8]-[C14] the database and core give the same reason for every purpose, standing and setting", async () => {
  await fc.assert(
    fc.asyncProperty(
      purpose,
      fc.array(standing, { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      async (purpose, standings, requireOptIn) => {
        const now = new Date();
        const rows = await world.db.transaction(async (tx) => {
          await tx.client.query("truncate consents, suppressions");
          await tx.run(sql`
            insert into settings (key, value) values ('consent', ${{ requireOptIn }})
            on conflict (key) do update set value = excluded.value`);
          for (const [place, { consents, suppressions }] of standings.entries()) {
            for (const [topic, granted] of Object.entries(consents))
              await tx.run(sql`insert into consents values (${`a${place}`}, ${topic}, ${granted}, now(), 1)`);
            for (const each of suppressions)
              await tx.run(sql`
                insert into suppressions (address_key, category, reason, source, expires_at, lifted_at)
                values (${`a${place}`}, ${each.category}, '', '', now() + make_interval(hours => ${each.expiresIn}),
                        ${each.isLifted ? now : null})`);
          }
          return tx.rows<{ place: number; reason: string }>(
            mayNotSendSql(
              purpose,
              standings.map((_, place) => `a${place}`),
            ),
          );
        });
        const expected = standings.flatMap(({ consents, suppressions }, place) => {
          const facts: AddressStanding = {
            consents: new Map(Object.entries(consents)),
            suppressions: suppressions.map(({ category, expiresIn, isLifted }) => ({
              category,
              expiresAt: expiresIn === null ? null : new Date(now.getTime() + expiresIn * hour),
              liftedAt: isLifted ? now : null,
            })),
          };
          const reason = mailableReason(purpose, facts, { requireOptIn }, now);
          return reason === undefined ? [] : [{ place, reason }];
        });
        expect(rows.sort((a, b) => a.place - b.place)).toEqual(expected);
      },
    ),
    { numRuns: 150 },
  );
});
