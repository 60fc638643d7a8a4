import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "#test/database.ts";
import { sql } from "../db/sql.ts";
import { migrate } from "./migrate.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe("migrations", () => {
  test("a migrated database has nothing left to apply", async () => {
    expect(await migrate(database.url)).toEqual([]);
  });

  test("F-57: a database that a newer version has changed is refused in one clear line, and not touched", async () => {
    await database.db.run(sql`insert into migrations (name, run_on) values ('9999_later', now())`);
    await expect(migrate(database.url)).rejects.toThrow("newer version of Postroad (9999_later)");
    await database.db.run(sql`delete from migrations where name = '9999_later'`);
    expect(await migrate(database.url)).toEqual([]);
  });

  test("F-54: processes that start together apply each file once", async () => {
    await database.db.run(sql`drop schema public cascade`);
    await database.db.run(sql`create schema public`);
    const applied = await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)]);
    const names = applied.flat();
    expect(names[0]).toMatch(/^0001_/);
    expect(new Set(names).size).toBe(names.length);
    expect(applied.filter((list) => list.length > 0)).toHaveLength(1);
  });
});
