import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "#test/database.ts";
import { sql } from "../db/sql.ts";
import { dumpSchema } from "./dump-schema.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("db/schema.sql is what the migrations make (npm run gen writes it)", async () => {
  const path = new URL("../../../../db/schema.sql", import.meta.url);
  expect(readFileSync(path, "utf8")).toBe(await dumpSchema(database.db));
});

test("the dump names every column, constraint and index, and leaves the list of migrations out", async () => {
  await database.db.run(sql`create table zebras (
    id bigint generated always as identity primary key, name text not null default 'none' check (name <> ''))`);
  await database.db.run(sql`create index zebras_name on zebras (lower(name)) where id > 3`);
  const dump = await dumpSchema(database.db);
  expect(dump).toContain(`create table zebras (
  id bigint not null generated always as identity,
  name text not null default 'none'::text,
  constraint zebras_pkey PRIMARY KEY (id),
  constraint zebras_name_check CHECK ((name <> ''::text))
);`);
  expect(dump).toContain("INDEX zebras_name ON public.zebras USING btree (lower(name)) WHERE (id > 3);");
  expect(dump).not.toContain("create table migrations");
});
