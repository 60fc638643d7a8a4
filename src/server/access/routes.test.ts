import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createTestProduct, type TestProduct, testPassword } from "#test/product.ts";
import { manualClock } from "../platform/index.ts";
import { createOwnerSetupLink } from "./index.ts";

const clock = manualClock(new Date("2026-11-23T12:00:00Z"));
let world: TestProduct;
beforeAll(async () => {
  world = await createTestProduct({ clock });
});
afterAll(() => world.stop());

const withCode = (code: string) => expect.objectContaining({ code });
const idIn = (body: unknown) => z.object({ id: z.string() }).parse(body).id;
const tokenIn = (link: string | undefined) => (link ?? "").split("#")[1] ?? "";
const cookieOf = (headers: Readonly<Record<string, unknown>>) =>
  String(headers["set-cookie"]).split(";")[0] ?? "";

async function invite(email: string, role = "marketer"): Promise<string> {
  const owner = await world.as("owner");
  const answer = await owner.request("POST", "/api/users/invitations", { email, role });
  return tokenIn(z.object({ link: z.string() }).parse(answer.body).link);
}

async function signIn(email: string, password = testPassword) {
  const answer = await world.anonymous.request("POST", "/api/session", { email, password });
  const csrf = z.object({ csrfToken: z.string() }).safeParse(answer.body).data?.csrfToken ?? "";
  return { ...answer, session: { cookie: cookieOf(answer.headers), "x-csrf-token": csrf } };
}

describe("setting up", () => {
  test("of fifty that use the set-up link at once, one becomes the owner, and there is no second owner", async () => {
    const fresh = await createTestProduct();
    const token = tokenIn(await createOwnerSetupLink(fresh.platform));
    expect((await fresh.anonymous.request("GET", "/api/setup/state")).body).toEqual({ needsOwner: true });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        fresh.anonymous.request("POST", "/api/setup", {
          token,
          email: `o${n}@postroad.test`,
          name: "O",
          password: testPassword,
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(49);
    expect((await fresh.anonymous.request("GET", "/api/setup/state")).body).toEqual({ needsOwner: false });
    expect(await createOwnerSetupLink(fresh.platform)).toBeUndefined();
    await fresh.stop();
  });

  test("400: a weak password is refused and leaves the link usable", async () => {
    const token = await invite("weak@postroad.test");
    const join = (password: string) =>
      world.anonymous.request("POST", "/api/invitations/accept", { token, name: "W", password });
    expect(await join("password123")).toMatchObject({ status: 400, body: withCode("access.password-weak") });
    expect((await join(testPassword)).status).toBe(200);
  });

  test("410: an invitation is used once, and too late after three days", async () => {
    const token = await invite("late@postroad.test");
    expect((await world.anonymous.request("POST", "/api/invitations/look", { token })).body).toEqual({
      email: "late@postroad.test",
      role: "marketer",
    });
    clock.advance(3 * 24 * 3600 * 1000 + 1);
    const late = await world.anonymous.request("POST", "/api/invitations/accept", {
      token,
      name: "L",
      password: testPassword,
    });
    expect(late).toMatchObject({ status: 410, body: withCode("access.link-used") });
    clock.advance(-3 * 24 * 3600 * 1000 - 1);
  });
});

describe("sessions", () => {
  test("200: the cookie is HttpOnly and SameSite=Lax, and the token is stored as a hash only", async () => {
    await world.as("owner");
    const { status, headers } = await signIn("owner@postroad.test");
    expect(status).toBe(200);
    const cookie = String(headers["set-cookie"]);
    expect(cookie).toMatch(/^postroad_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax/);
    const token = cookie.slice("postroad_session=".length).split(";")[0] ?? "";
    const { rows } = await world.db.pool.query("select * from sessions");
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test("401: a wrong password and an unknown account get the same answer", async () => {
    const wrong = await signIn("owner@postroad.test", "not the password");
    const unknown = await signIn("nobody@postroad.test", "not the password");
    expect(wrong.status).toBe(401);
    const shown = ({ body }: { body: unknown }) =>
      z.object({ code: z.string(), title: z.string() }).parse(body);
    expect(shown(unknown)).toEqual(shown(wrong));
  });

  test("[A2] signing in again gives a new token, and the one that came along is dead", async () => {
    const first = await signIn("owner@postroad.test");
    const second = await world.anonymous.request(
      "POST",
      "/api/session",
      { email: "owner@postroad.test", password: testPassword },
      { cookie: first.session.cookie },
    );
    expect(cookieOf(second.headers)).not.toBe(first.session.cookie);
    const old = await world.anonymous.request("GET", "/api/session", undefined, first.session);
    expect(old.status).toBe(401);
  });

  test("[A2] a session ends 12 hours after its last use and 7 days after its beginning", async () => {
    const { session } = await signIn("owner@postroad.test");
    const look = async () =>
      (await world.anonymous.request("GET", "/api/session", undefined, session)).status;
    const start = clock.now();
    for (let hours = 11; hours < 168; hours += 11) {
      clock.set(new Date(start.getTime() + hours * 3_600_000));
      expect(await look()).toBe(200);
    }
    clock.set(new Date(start.getTime() + 168 * 3_600_000));
    expect(await look()).toBe(401);
    clock.set(start);
    const idle = await signIn("owner@postroad.test");
    clock.advance(12 * 3_600_000);
    expect((await world.anonymous.request("GET", "/api/session", undefined, idle.session)).status).toBe(401);
    clock.set(start);
  });

  test("[A2] changing the password ends all other sessions and keeps this one", async () => {
    const token = await invite("changer@postroad.test");
    await world.anonymous.request("POST", "/api/invitations/accept", {
      token,
      name: "C",
      password: testPassword,
    });
    const here = await signIn("changer@postroad.test");
    const there = await signIn("changer@postroad.test");
    const change = (currentPassword: string) =>
      world.anonymous.request(
        "POST",
        "/api/password",
        { currentPassword, newPassword: "another good one 42" },
        here.session,
      );
    expect((await change("wrong")).status).toBe(401);
    expect((await change(testPassword)).status).toBe(200);
    const look = async (session: Record<string, string>) =>
      (await world.anonymous.request("GET", "/api/session", undefined, session)).status;
    expect([await look(here.session), await look(there.session)]).toEqual([200, 401]);
    expect((await signIn("changer@postroad.test", "another good one 42")).status).toBe(200);
  });

  test("somebody sees where they are signed in and can end one session", async () => {
    const token = await invite("lister@postroad.test");
    await world.anonymous.request("POST", "/api/invitations/accept", {
      token,
      name: "L",
      password: testPassword,
    });
    const here = await signIn("lister@postroad.test");
    const list = async () =>
      z
        .object({ items: z.array(z.object({ id: z.string(), isCurrent: z.boolean() })) })
        .parse((await world.anonymous.request("GET", "/api/sessions", undefined, here.session)).body).items;
    const other = (await list()).find(({ isCurrent }) => !isCurrent);
    const end = () =>
      world.anonymous.request("DELETE", `/api/sessions/${other?.id}`, undefined, here.session);
    expect((await end()).status).toBe(200);
    expect((await end()).status).toBe(404);
    expect(await list()).toEqual([expect.objectContaining({ isCurrent: true })]);
  });

  test("[A1] 403: a change without the CSRF token, and signing in from another site", async () => {
    const { session } = await signIn("owner@postroad.test");
    const forged = await world.anonymous.request("DELETE", "/api/session", undefined, {
      cookie: session.cookie,
    });
    expect(forged).toMatchObject({ status: 403, body: withCode("access.csrf") });
    const body = { email: "owner@postroad.test", password: testPassword };
    for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }])
      expect(
        (
          await world.anonymous.request("POST", "/api/session", body, {
            "content-type": "application/json",
            ...headers,
          })
        ).status,
      ).toBe(403);
    expect((await world.anonymous.request("DELETE", "/api/session", undefined, session)).status).toBe(200);
    expect((await world.anonymous.request("GET", "/api/session", undefined, session)).status).toBe(401);
  });

  test("[A3] 429: guessing is slowed down per account and address, and the account is not locked elsewhere", async () => {
    const guess = (ip: string) =>
      world.product.app.inject({
        method: "POST",
        url: "/api/session",
        payload: { email: "victim@postroad.test", password: "guess" },
        remoteAddress: ip,
      });
    const statuses = [];
    for (let n = 0; n < 9; n++) statuses.push((await guess("203.0.113.5")).statusCode);
    expect(statuses).toEqual([...Array(8).fill(401), 429]);
    expect((await guess("203.0.113.6")).statusCode).toBe(401);
  });
});

describe("people", () => {
  test("200: a disabled account can neither sign in nor go on, until it is enabled", async () => {
    const owner = await world.as("owner");
    const token = await invite("leaver@postroad.test");
    await world.anonymous.request("POST", "/api/invitations/accept", {
      token,
      name: "L",
      password: testPassword,
    });
    const { session, body } = await signIn("leaver@postroad.test");
    const id = z.object({ actor: z.object({ id: z.string() }) }).parse(body).actor.id;
    expect((await owner.request("PATCH", `/api/users/${id}`, { disabled: true })).status).toBe(200);
    expect((await world.anonymous.request("GET", "/api/session", undefined, session)).status).toBe(401);
    expect((await signIn("leaver@postroad.test")).status).toBe(401);
    await owner.request("PATCH", `/api/users/${id}`, { disabled: false });
    expect((await signIn("leaver@postroad.test")).status).toBe(200);
  });

  test("403: an admin cannot make owners; 409: the last owner stays; 404: nobody there", async () => {
    const [owner, admin] = [await world.as("owner"), await world.as("admin")];
    const users = z
      .object({ items: z.array(z.object({ id: z.string(), role: z.string() })) })
      .parse((await owner.request("GET", "/api/users")).body).items;
    const first = users.find(({ role }) => role === "owner")?.id;
    const other = users.find(({ role }) => role === "marketer")?.id;
    expect(await admin.request("PATCH", `/api/users/${other}`, { role: "owner" })).toMatchObject({
      status: 403,
      body: withCode("access.owner-only"),
    });
    expect(await owner.request("PATCH", `/api/users/${first}`, { role: "admin" })).toMatchObject({
      status: 409,
      body: withCode("access.last-owner"),
    });
    expect((await owner.request("PATCH", "/api/users/usr_999999", { role: "admin" })).status).toBe(404);
  });

  test("409: an address with an account is not invited again; 400: neither is what is no address", async () => {
    const owner = await world.as("owner");
    const ask = (email: string) =>
      owner.request("POST", "/api/users/invitations", { email, role: "analyst" });
    expect(await ask("OWNER@postroad.test")).toMatchObject({ status: 409 });
    expect(await ask("no address")).toMatchObject({ status: 400, body: withCode("request.invalid") });
  });

  test("a withdrawn invitation does not open", async () => {
    const owner = await world.as("owner");
    const answer = await owner.request("POST", "/api/users/invitations", {
      email: "unwanted@postroad.test",
      role: "analyst",
    });
    const { id, link } = z.object({ id: z.string(), link: z.string() }).parse(answer.body);
    expect((await owner.request("DELETE", `/api/users/invitations/${id}`)).status).toBe(200);
    const look = await world.anonymous.request("POST", "/api/invitations/look", { token: tokenIn(link) });
    expect(look.status).toBe(410);
  });
});

describe("API keys", () => {
  test("[A5] a key is shown once, stored hashed, works by its role until it is revoked", async () => {
    const owner = await world.as("owner");
    const made = await owner.request("POST", "/api/keys", { name: "shop", role: "analyst" });
    const { secret } = z.object({ secret: z.string() }).parse(made.body);
    expect(secret).toMatch(/^prk_[\w-]{43}$/);
    const { rows } = await world.db.pool.query("select * from api_keys");
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(JSON.stringify((await owner.request("GET", "/api/keys")).body)).not.toContain(secret);
    const key = world.withKey(secret);
    expect((await key.request("GET", "/api/session")).body).toMatchObject({
      actor: { kind: "api-key", name: "shop" },
      csrfToken: null,
    });
    expect((await key.request("GET", "/api/users")).status).toBe(403);
    expect((await world.anonymous.request("GET", `/api/session?key=${secret}`)).status).toBe(401);
    expect((await owner.request("DELETE", `/api/keys/${idIn(made.body)}`)).status).toBe(200);
    expect((await key.request("GET", "/api/session")).status).toBe(401);
    expect((await owner.request("DELETE", `/api/keys/${idIn(made.body)}`)).status).toBe(404);
  });

  test("[A5] 403: a key, whatever its role, cannot make keys, see sessions or change a password", async () => {
    const owner = await world.as("owner");
    const made = await owner.request("POST", "/api/keys", { name: "powerful", role: "admin" });
    const key = world.withKey(z.object({ secret: z.string() }).parse(made.body).secret);
    const tries = [
      await key.request("POST", "/api/keys", { name: "child", role: "admin" }),
      await key.request("GET", "/api/sessions"),
      await key.request("POST", "/api/password", { currentPassword: "x", newPassword: testPassword }),
    ];
    for (const answer of tries)
      expect(answer).toMatchObject({ status: 403, body: withCode("access.session-only") });
  });
});

describe("audit log", () => {
  test("it says who did what, newest first, page by page, with filters, and holds no secret", async () => {
    const owner = await world.as("owner");
    const made = await owner.request("POST", "/api/keys", { name: "audited", role: "analyst" });
    const page = z.object({
      items: z.array(z.object({ id: z.string(), action: z.string(), subjectId: z.string().nullable() })),
      nextCursor: z.string().nullable(),
    });
    const subject = `subjectKind=api-key&subjectId=${idIn(made.body)}`;
    const about = page.parse((await owner.request("GET", `/api/audit?${subject}`)).body);
    expect(about.items.map(({ action }) => action)).toEqual(["api-key.created"]);
    const seen: string[] = [];
    let cursor = "";
    do {
      const answer = page.parse((await owner.request("GET", `/api/audit?limit=3${cursor}`)).body);
      seen.push(...answer.items.map(({ id }) => id));
      cursor = answer.nextCursor === null ? "" : `&cursor=${answer.nextCursor}`;
    } while (cursor);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => Number(b) - Number(a)));
    const failed = page.parse((await owner.request("GET", "/api/audit?action=sign-in.*&limit=200")).body);
    expect(new Set(failed.items.map(({ action }) => action))).toEqual(
      new Set(["sign-in.failed", "sign-in.succeeded"]),
    );
    const { rows } = await world.db.pool.query("select * from audit_log");
    expect(JSON.stringify(rows)).not.toContain(testPassword);
  });

  test("400: a cursor that is none of ours; 403: not for marketers; 401: not for strangers", async () => {
    const owner = await world.as("owner");
    expect((await owner.request("GET", "/api/audit?cursor=nonsense")).status).toBe(400);
    expect((await (await world.as("marketer")).request("GET", "/api/audit")).status).toBe(403);
    expect((await world.anonymous.request("GET", "/api/audit")).status).toBe(401);
  });
});
