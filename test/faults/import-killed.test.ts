import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { createClient } from "../../sdk/src/index.ts";
import { type RunningProduct, startProduct } from "../support/running-product.ts";

const directory = mkdtempSync(join(tmpdir(), "postroad-import-killed-"));
let running: RunningProduct | undefined;
afterAll(async () => {
  await running?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const rowCount = 150_000;
const file = `email,first_name,points\n${Array.from(
  { length: rowCount },
  (_, n) => `killed${n}${n % 25_000 === 7 ? " at " : "@"}example.com,"Name, ${n}",${n}\n`,
).join("")}`;

/** Makes the owner by the printed link, and a key; gives the key. */
async function signUp({ address, ownerLink }: RunningProduct): Promise<string> {
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${address}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  const token = ownerLink?.split("#")[1];
  const owner = { token, email: "owner@example.com", name: "Olga", password: "a long good password" };
  const answer = await post("/api/setup", owner);
  const { csrfToken } = z.object({ csrfToken: z.string() }).parse(await answer.json());
  const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  const made = await post(
    "/api/keys",
    { name: "test", role: "admin" },
    { cookie, "x-csrf-token": csrfToken },
  );
  return z.object({ secret: z.string() }).parse(await made.json()).secret;
}

test("[CT4] F-58: an import that is killed with -9 half way is finished after the restart, with every row done once", async () => {
  running = await startProduct(directory);
  const apiKey = await signUp(running);
  const client = () => createClient({ baseUrl: running?.address ?? "", apiKey });
  const { id } = await client().imports.upload({ query: { fileName: "killed.csv" }, file });
  const params = { id };
  await client().imports.start({ params });
  const progress = async () => (await client().imports.get({ params })).progress;
  await vi.waitUntil(async () => (await progress()).readRows > 0, { timeout: 60_000, interval: 20 });
  await running.kill();

  running = await startProduct(directory);
  const found = await client().imports.get({ params });
  expect(found.state).toBe("running");
  expect(found.progress.readRows).toBeLessThan(rowCount);
  expect((await client().contacts.count()).total).toBe(found.progress.createdRows);

  // The dead process holds the job for a minute: its lease is by the database's clock.
  const isOver = async () => (await client().imports.get({ params })).state !== "running";
  await vi.waitUntil(isOver, { timeout: 200_000, interval: 500 });
  expect(await client().imports.get({ params })).toMatchObject({
    state: "finished",
    progress: { readRows: rowCount, createdRows: rowCount - 6, updatedRows: 0, failedRows: 6 },
  });
  expect((await client().contacts.count()).total).toBe(rowCount - 6);
  const errors = await (await client().imports.errors({ params })).text();
  expect(errors.trim().split("\r\n")).toHaveLength(7);
});
