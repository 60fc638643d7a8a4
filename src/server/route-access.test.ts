import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { RouteDefinition } from "#contract/route.ts";
import { routes } from "#contract/routes.ts";
import { can, type Role, roles } from "#core/access/permissions.ts";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";

let world: TestProduct;
beforeAll(async () => {
  world = await createTestProduct();
});
afterAll(() => world.stop());

/** A path with a value of the right shape in each place, for something that does not exist. */
function examplePath(route: RouteDefinition): string {
  const shape: Record<string, unknown> = { ...route.params?.shape };
  return route.path.replace(/:(\w+)/g, (_, name: string) => {
    const pattern = JSON.stringify(
      z.toJSONSchema(z.object({ it: shape[name] instanceof z.ZodType ? shape[name] : z.string() }), {
        io: "input",
      }),
    );
    const prefix = /"\^([a-z]{3})_\[1-9\]/.exec(pattern)?.[1];
    return prefix ? `${prefix}_999999999` : pattern.includes("[0-9a-f]{32}") ? "0".repeat(32) : "nothing";
  });
}

const guarded = routes.filter(({ access }) => access !== "public");
const isOpenTo = (role: Role, { access }: RouteDefinition) =>
  access === "public" || access === "signed-in" || can(role, access);
const lacking = (role: Role) => guarded.filter((route) => !isOpenTo(role, route));

/** A person and a key of this role. No key is made with the role of owners. */
async function agentsOf(role: Role, product = world): Promise<Agent[]> {
  const person = await product.as(role);
  if (role === "owner") return [person];
  const made = await (await product.as("owner")).request("POST", "/api/keys", { name: role, role });
  return [person, product.withKey(z.object({ secret: z.string() }).parse(made.body).secret)];
}

test("every route of the contract is bound by the server, and nothing else is", () => {
  expect([...world.product.http.implemented].sort()).toEqual(routes.map(({ id }) => id).sort());
});

test("[A4] 401: strangers get through no route that is not public", async () => {
  for (const route of guarded) {
    const { status } = await world.anonymous.request(route.method, examplePath(route));
    expect(`${route.id} ${status}`).toBe(`${route.id} 401`);
  }
});

test.each(roles)(
  "[A4] 403: a person or key of role %s gets through no route that it lacks the permission for",
  async (role) => {
    for (const agent of await agentsOf(role))
      for (const route of lacking(role)) {
        const answer = await agent.request(
          route.method,
          examplePath(route),
          route.method === "GET" ? undefined : {},
        );
        expect({ id: route.id, ...z.object({ code: z.string() }).parse(answer.body) }).toEqual({
          id: route.id,
          code: "access.forbidden",
        });
      }
  },
);

const refusals = ["access.not-signed-in", "access.csrf", "access.forbidden"];
const codeOf = (body: unknown) => z.object({ code: z.string() }).safeParse(body).data?.code;

test.each(roles)("[A4] a person or key of role %s gets through every other route", async (role) => {
  // A world of its own: what gets through may change anything. Signing out comes last, as nobody is there to ask afterwards.
  const own = await createTestProduct();
  try {
    const open = guarded
      .filter((route) => isOpenTo(role, route))
      .toSorted((a, b) => Number(a.path === "/api/session") - Number(b.path === "/api/session"));
    for (const agent of await agentsOf(role, own))
      for (const route of open) {
        const body = route.method === "GET" ? undefined : {};
        const answer = await agent.request(route.method, examplePath(route), body);
        expect(refusals, route.id).not.toContain(codeOf(answer.body));
      }
  } finally {
    await own.stop();
  }
});

test("[A1] 403: no route that changes something is reached by a session without its CSRF token", async () => {
  const signedIn = await world.anonymous.request("POST", "/api/session", {
    email: "owner@postroad.test",
    password: "correct horse battery staple",
  });
  const cookie = String(signedIn.headers["set-cookie"]).split(";")[0] ?? "";
  for (const route of guarded.filter(({ method }) => method !== "GET")) {
    const answer = await world.anonymous.request(route.method, examplePath(route), undefined, { cookie });
    expect({ id: route.id, ...z.object({ code: z.string() }).parse(answer.body) }).toEqual({
      id: route.id,
      code: "access.csrf",
    });
  }
});

test("[A1] a method cannot be changed by a header or parameter", async () => {
  const owner = await world.as("owner");
  for (const headers of [{ "x-http-method-override": "DELETE" }, { "x-method-override": "DELETE" }])
    expect((await owner.request("GET", "/api/session?_method=DELETE", undefined, headers)).status).toBe(200);
  expect((await owner.request("GET", "/api/session")).status).toBe(200);
});
