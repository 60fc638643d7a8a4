import { describe, expect, test } from "vitest";
import { type DatabaseFacts, judgeDatabase } from "./judge-database.ts";

const usable: DatabaseFacts = {
  versionNumber: 150_000,
  version: "15.0",
  name: "postroad",
  encoding: "UTF8",
  user: "mailer",
  mayCreate: true,
  canFoldCase: true,
};

describe("a database is", () => {
  test("usable from PostgreSQL 15.0 on", () => {
    expect(judgeDatabase(usable)).toBeUndefined();
    expect(judgeDatabase({ ...usable, versionNumber: 180_003 })).toBeUndefined();
  });

  test("refused when its server is older, with the version it has", () => {
    expect(judgeDatabase({ ...usable, versionNumber: 140_099, version: "14.99 (Debian)" })).toBe(
      "Postroad needs PostgreSQL 15 or newer; the server of DATABASE_URL is 14.99 (Debian).",
    );
  });

  test("refused when its encoding cannot hold every name", () => {
    expect(judgeDatabase({ ...usable, encoding: "LATIN1" })).toContain("encoded in LATIN1");
    expect(judgeDatabase({ ...usable, encoding: "SQL_ASCII" })).toContain("needs UTF8");
  });

  test("refused when it cannot compare without regard to case", () => {
    expect(judgeDatabase({ ...usable, canFoldCase: false })).toContain("without ICU");
  });

  test("refused when the user may not make tables, with the statement that allows it", () => {
    expect(judgeDatabase({ ...usable, mayCreate: false })).toContain(
      "alter database postroad owner to mailer;",
    );
  });

  test("refused for its age first, because all else follows from it", () => {
    expect(judgeDatabase({ ...usable, versionNumber: 90_600, encoding: "LATIN1" })).toContain("or newer");
  });
});
