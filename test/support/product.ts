import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InjectOptions } from "fastify";
import { z } from "zod";
import type { Role } from "#core/access/permissions.ts";
import { createOwnerSetupLink } from "#server/access/index.ts";
import { compose, type Product } from "#server/compose.ts";
import {
  type Clock,
  createJobs,
  createLog,
  createNews,
  createSecrets,
  type Database,
  type Platform,
  readConfig,
  systemClock,
} from "#server/platform/index.ts";
import { createTestDatabase } from "./database.ts";

export type Answer = {
  readonly status: number;
  /** Parsed JSON, or the text if it is none. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
};

/** Somebody who makes requests: nobody, a signed-in person (the CSRF token is sent along) or a key. */
export type Agent = {
  readonly request: (
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer>;
};

export type TestProduct = {
  readonly db: Database;
  readonly databaseUrl: string;
  readonly platform: Platform;
  readonly product: Product;
  readonly anonymous: Agent;
  /** A person of this role who is signed in; the same one on every call. */
  readonly as: (role: Role) => Promise<Agent>;
  readonly withKey: (secret: string) => Agent;
  /** Runs all jobs that are due now. */
  readonly runJobs: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export const testPassword = "correct horse battery staple";

function agentOf(product: Product, headers: Record<string, string>): Agent {
  return {
    async request(method, url, body, more) {
      const options: InjectOptions = { method, url, headers: { ...headers, ...more } };
      if (Buffer.isBuffer(body)) options.payload = body;
      else if (body !== undefined) options.payload = JSON.stringify(body);
      if (body !== undefined && !Buffer.isBuffer(body))
        options.headers = { "content-type": "application/json", ...options.headers };
      const response = await product.app.inject(options);
      const isJson = String(response.headers["content-type"]).includes("json");
      return {
        status: response.statusCode,
        body: isJson ? response.json() : response.body,
        headers: response.headers,
      };
    },
  };
}

const linkAnswer = z.object({ link: z.string() });
const sessionAnswer = z.object({ csrfToken: z.string() });
const tokenOf = (link: string) => link.slice(link.indexOf("#") + 1);

/** The whole product on a database and data directory of its own, without listening on a port and without loops. */
export async function createTestProduct(
  options: { clock?: Clock; dns?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<TestProduct> {
  const { db, url, drop } = await createTestDatabase();
  const directory = mkdtempSync(join(tmpdir(), "postroad-product-"));
  const config = readConfig({
    POSTROAD_DATA: directory,
    POSTROAD_PUBLIC_URL: "http://postroad.test",
    POSTROAD_DNS_SERVERS: options.dns ?? "127.0.0.1:1",
    ...options.env,
  });
  const log = createLog("silent");
  const secrets = createSecrets(Buffer.alloc(32, 7));
  const clock = options.clock ?? systemClock;
  const platform: Platform = {
    db,
    config,
    clock,
    log,
    secrets,
    jobs: createJobs(db, log),
    news: createNews(db, log),
  };
  const product = await compose(platform);
  const anonymous = agentOf(product, {});
  const agents = new Map<Role, Promise<Agent>>();

  async function signedIn(path: string, body: object): Promise<Agent> {
    const answer = await anonymous.request("POST", path, { ...body, password: testPassword });
    const { csrfToken } = sessionAnswer.parse(answer.body);
    const cookie = String(answer.headers["set-cookie"]).split(";")[0] ?? "";
    return agentOf(product, { cookie, "x-csrf-token": csrfToken });
  }

  async function make(role: Role): Promise<Agent> {
    const email = `${role}@postroad.test`;
    if (role === "owner") {
      const link = await createOwnerSetupLink(platform);
      return signedIn("/api/setup", { token: tokenOf(link ?? ""), email, name: "Olga Owner" });
    }
    const invited = await (await as("owner")).request("POST", "/api/users/invitations", { email, role });
    const token = tokenOf(linkAnswer.parse(invited.body).link);
    return signedIn("/api/invitations/accept", { token, name: role });
  }

  async function as(role: Role): Promise<Agent> {
    const known = agents.get(role) ?? make(role);
    agents.set(role, known);
    return known;
  }

  return {
    db,
    databaseUrl: url,
    platform,
    product,
    anonymous,
    as,
    withKey: (secret) => agentOf(product, { authorization: `Bearer ${secret}` }),
    runJobs: async () => {
      while (await platform.jobs.runOne());
    },
    stop: async () => {
      await product.app.close();
      await drop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
