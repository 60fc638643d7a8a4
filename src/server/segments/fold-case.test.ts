import { afterAll, beforeAll, expect, test } from "vitest";
import { foldCase } from "#core/segments/fold-case.ts";
import { sql } from "#server/platform/index.ts";
import { createTestDatabase, type TestDatabase } from "#test/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/**
 * Letters with two cases that came with Unicode 16 and 17 (2024 and 2025), which Node knows and some servers do not yet:
 * eight of Latin and Cyrillic, and the scripts Garay and Beria Erfe.
 */
const isNewLetter = (code: number) =>
  [0x1c89, 0xa7cb, 0xa7cc, 0xa7ce, 0xa7d2, 0xa7d4, 0xa7da, 0xa7dc].includes(code) ||
  (code >= 0x10d50 && code <= 0x10d65) ||
  (code >= 0x16ea0 && code <= 0x16eb8);

test("[SG3] the database folds each letter of Unicode as core does", async () => {
  const rows = await database.db.rows<{ code: number; folded: string }>(sql`
    select code, fold_case(chr(code)) as folded from generate_series(1, 1114111) as code
    where code not between 55296 and 57343 and fold_case(chr(code)) <> chr(code)`);
  const inDatabase = new Map(rows.map(({ code, folded }) => [code, folded]));
  const differing: string[] = [];
  for (let code = 1; code <= 0x10ffff; code++) {
    if ((code >= 0xd800 && code <= 0xdfff) || isNewLetter(code)) continue;
    const letter = String.fromCodePoint(code);
    if (foldCase(letter) !== (inDatabase.get(code) ?? letter)) differing.push(code.toString(16));
  }
  expect(differing).toEqual([]);
});

test("[SG3] no letter is folded by its neighbours", async () => {
  const texts = ["ΟΔΟΣ", "ΑΣ ΒΣ", "Σ\u0301Σ.", "İSTANBUL", "I\u0307", "ŁÓDŹ", "Dž Ǆ", "STRAẞE", "MÜNCHEN"];
  const rows = await database.db.rows<{ folded: string }>(
    sql`select fold_case(text) as folded from unnest(${texts}::text[]) with ordinality as t (text, place) order by place`,
  );
  expect(rows.map(({ folded }) => folded)).toEqual(texts.map(foldCase));
});
