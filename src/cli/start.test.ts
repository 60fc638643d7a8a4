import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type RunningProduct, startProduct } from "#test/running-product.ts";
import { findEmbeddedPostgres } from "../server/platform/embedded-postgres/index.ts";
import { findInstance } from "../server/platform/instance-lock.ts";
import { findPort } from "./free-port.ts";

let data: string;
let product: RunningProduct | undefined;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "postroad-start-"));
});
afterEach(async () => {
  await product?.stop();
  product = undefined;
  rmSync(data, { recursive: true, force: true });
});

/** The first start builds the web app, if nobody did. */
const patience = 180_000;
const asBrowser = { headers: { accept: "text/html" } };

describe("npm start", () => {
  test(
    "brings up the app, the mailbox and a link for the owner, refuses a second one, and stops in order",
    async () => {
      product = await startProduct(data);
      expect(product.ownerLink).toMatch(/^http:\/\/localhost:\d+\/setup#\S{20,}$/);
      expect((await fetch(product.mailbox)).status).toBe(200);

      const page = await fetch(`${product.address}/contacts/anything`, asBrowser);
      expect(page.status).toBe(200);
      expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
      const script = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text())?.[1];
      const file = await fetch(`${product.address}${script}`);
      expect(file.headers.get("cache-control")).toContain("immutable");
      expect((await fetch(`${product.address}/api/nothing-here`, asBrowser)).status).toBe(404);

      await expect(startProduct(data)).rejects.toThrow(
        `postroad is already running on data ${data} (process ${product.pid}, ${product.address})`,
      );

      expect(await product.stop()).toBe(0);
      expect(product.output()).toContain("Stopped.");
      expect(existsSync(join(data, "postroad.lock"))).toBe(false);
      expect(existsSync(join(data, "postgres", "cluster", "postmaster.pid"))).toBe(false);
    },
    patience,
  );

  test(
    "starts after a kill -9 with the database that was left running, and gives a new owner link",
    async () => {
      const first = await startProduct(data);
      await first.kill();
      product = await startProduct(data);
      expect(product.output()).toContain("still running from the last time");
      expect(product.ownerLink).not.toBe(first.ownerLink);
    },
    patience,
  );

  test(
    "a part starts beside it, sends to its mailbox and ends alone",
    async () => {
      await expect(startProduct(data, {}, ["--role", "sender"])).rejects.toThrow(
        "there is no database to work on",
      );
      product = await startProduct(data);
      const url = findEmbeddedPostgres(join(data, "postgres")) ?? "";
      const portOfMailbox = async () => {
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        const { rows } = await client
          .query("select port from routes where is_mailbox")
          .finally(() => client.end());
        return rows;
      };
      const before = await portOfMailbox();
      const part = await startProduct(data, {}, ["--role", "sender,scheduler"]);
      expect(await portOfMailbox()).toEqual(before);
      expect(await part.stop()).toBe(0);
      expect((await fetch(`${product.address}/api/setup/state`)).status).toBe(200);
    },
    patience,
  );

  test(
    "starts the database again when that is killed",
    async () => {
      product = await startProduct(data);
      const postmaster = Number(
        readFileSync(join(data, "postgres", "cluster", "postmaster.pid"), "utf8").split("\n")[0],
      );
      process.kill(postmaster, "SIGKILL");
      await expect.poll(() => product?.output(), { timeout: 30_000 }).toContain("starting it again");
      const ask = async () => (await fetch(`${product?.address}/api/setup/state`)).status;
      await expect.poll(ask, { timeout: 30_000 }).toBe(200);
    },
    patience,
  );
});

test(
  "stops in order when npm, its parent, is told to end",
  async () => {
    const parent = spawn("sh", ["-c", '"$0" src/cli/main.ts start; true', process.execPath], {
      stdio: "ignore",
      env: {
        ...process.env,
        npm_lifecycle_event: "start",
        POSTROAD_DATA: data,
        POSTROAD_PORT: "0",
        POSTROAD_MAILBOX_SMTP_PORT: "0",
        POSTROAD_MAILBOX_WEB_PORT: "0",
      },
    });
    const running = () => findInstance(data)?.address ?? "";
    await expect.poll(running, { timeout: 60_000 }).not.toBe("");
    parent.kill("SIGTERM");
    const left = () => [join(data, "postroad.lock"), join(data, "postgres", "cluster", "postmaster.pid")];
    await expect.poll(() => left().filter((file) => existsSync(file)), { timeout: 30_000 }).toEqual([]);
  },
  patience,
);

test("a port that another program has is passed over", async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) => {
    other.listen(0, "127.0.0.1", () => {
      const address = other.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
  const found = await findPort(port);
  expect(found).toBeGreaterThan(port);
  expect(await findPort(port, [found])).toBeGreaterThan(found);
  await new Promise((resolve) => other.close(resolve));
});
