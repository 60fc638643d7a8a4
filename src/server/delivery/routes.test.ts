import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type HostileSink, startHostileSink } from "#test/hostile-sink.ts";
import { aMailingToAll, someContacts, until, untilSettled } from "#test/mailing.ts";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";
import { sql } from "../platform/index.ts";
import { loadTrackingKeys } from "../tracking/index.ts";
import { startSender } from "./index.ts";

let product: TestProduct;
let marketer: Agent;
let sink: HostileSink;
let mailing = "";
let stop: () => Promise<void>;

/** Of four contacts one is refused, one is in doubt, two are accepted. */
beforeEach(async () => {
  product = await createTestProduct();
  marketer = await product.as("marketer");
  let drops = 0;
  sink = await startHostileSink({
    react: ({ name, text }) => {
      if (name === "rcpt" && text.includes("person1@")) return "550 5.1.1 user unknown";
      return name === "dot" && text.includes("<person2@") && drops++ === 0 ? "drop" : undefined;
    },
  });
  const { db, platform } = product;
  await db.run(sql`update routes set port = ${sink.port}, is_mailbox = false, updated_at = now()`);
  await someContacts(db, 4);
  mailing = await aMailingToAll(db);
  const keys = await loadTrackingKeys(platform);
  stop = startSender(platform, { keys, pollMilliseconds: 50 });
  await untilSettled(db, mailing);
});
afterEach(async () => {
  await stop();
  await sink.close();
  await product.stop();
});

const page = z.object({
  items: z.array(z.object({ id: z.string(), address: z.string(), state: z.string() })),
  nextCursor: z.string().nullable(),
});
const listOf = async (url: string) => page.parse((await marketer.request("GET", url)).body);

describe("200", () => {
  test("a mailing shows totals that add up", async () => {
    const totals = { recipients: 4, queued: 0, accepted: 2, refused: 1, skipped: 0, givenUp: 0, inDoubt: 1 };
    expect((await marketer.request("GET", `/api/mailings/mlg_${mailing}`)).body).toMatchObject({
      messageName: "Spring letter",
      totals,
    });
    expect((await marketer.request("GET", "/api/mailings")).body).toMatchObject({
      items: [{ totals }],
      nextCursor: null,
    });
    expect((await marketer.request("GET", "/api/sending/verify")).body).toEqual({
      holds: true,
      problems: [],
    });
  });

  test("its deliveries are listed page by page, and by outcome", async () => {
    const url = `/api/mailings/mlg_${mailing}/deliveries`;
    const first = await listOf(`${url}?limit=3`);
    const second = await listOf(`${url}?limit=3&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ state }) => state)).toEqual([
      "refused",
      "in-doubt",
      "accepted",
      "accepted",
    ]);
    expect((await listOf(`${url}?outcome=refused`)).items).toMatchObject([
      { address: "person1@example.org" },
    ]);
  });

  test("a delivery tells its whole story", async () => {
    const { items } = await listOf(`/api/mailings/mlg_${mailing}/deliveries?outcome=refused`);
    expect((await marketer.request("GET", `/api/deliveries/${items[0]?.id}`)).body).toMatchObject({
      state: "refused",
      reason: "invalid-mailbox",
      smtpCode: 550,
      enhancedCode: "5.1.1",
      reply: "550 5.1.1 user unknown",
      attempts: 1,
    });
  });

  test("[D5] a message is made again exactly as it was sent, whatever changed since", async () => {
    const { db } = product;
    await db.run(sql`update contacts set first_name = 'Changed', attributes = '{}'`);
    await db.run(sql`update content_settings set company_name = 'Changed'`);
    const { items } = await listOf(`/api/mailings/mlg_${mailing}/deliveries?outcome=accepted`);
    for (const { id, address } of items) {
      const sent = sink.received.find(({ to }) => to[0] === address)?.data.toString("latin1");
      expect((await marketer.request("GET", `/api/deliveries/${id}/source`)).body).toBe(sent);
    }
    const parts = (await marketer.request("GET", `/api/deliveries/${items[0]?.id}/message`)).body;
    expect(parts).toMatchObject({
      subject: expect.stringContaining("Person 3"),
      html: expect.stringContaining("Müller"),
    });
  });

  test("[D11] a doubtful delivery can be counted as accepted", async () => {
    const { items } = await listOf("/api/deliveries/in-doubt");
    expect(items).toMatchObject([{ address: "person2@example.org" }]);
    const answer = await marketer.request("POST", "/api/deliveries/in-doubt/resolve", {
      deliveryIds: [items[0]?.id],
      as: "accepted",
    });
    expect(answer.body).toEqual({ resolved: 1 });
    expect((await marketer.request("GET", `/api/mailings/mlg_${mailing}`)).body).toMatchObject({
      totals: { accepted: 3, inDoubt: 0 },
    });
    expect((await marketer.request("GET", "/api/sending/verify")).body).toMatchObject({ problems: [] });
  });

  test("[D11] or be sent again under the same Message-ID", async () => {
    const { items } = await listOf("/api/deliveries/in-doubt");
    await marketer.request("POST", "/api/deliveries/in-doubt/resolve", {
      deliveryIds: [items[0]?.id],
      as: "resend",
    });
    await untilSettled(product.db, mailing);
    const sent = sink.received.find(({ to }) => to[0] === "person2@example.org")?.data.toString();
    expect(sent).toContain(`Message-ID: <${items[0]?.id.slice(4)}.`);
    expect((await marketer.request("GET", `/api/deliveries/${items[0]?.id}`)).body).toMatchObject({
      state: "accepted",
      attempts: 2,
      doubts: 1,
    });
    expect((await marketer.request("GET", "/api/sending/verify")).body).toMatchObject({ problems: [] });
  });

  test("[D11] or proves to have arrived when its recipient opens it", async () => {
    const { items } = await listOf("/api/deliveries/in-doubt");
    const deliveryId = items[0]?.id.slice(4) ?? "";
    await product.db.run(sql`
      insert into interactions (hit_id, kind, contact_id, delivery_id, at) values (gen_random_uuid(), 'open', 1, ${deliveryId}, now())`);
    await until("it is settled", async () => (await listOf("/api/deliveries/in-doubt")).items.length === 0);
    expect((await marketer.request("GET", `/api/deliveries/${items[0]?.id}`)).body).toMatchObject({
      state: "accepted",
      reason: "seen-by-recipient",
    });
    expect((await marketer.request("GET", "/api/sending/verify")).body).toMatchObject({ problems: [] });
  });

  test("a refusal is an interaction of kind bounce, once", async () => {
    await product.platform.news.deliver("tracking.bounces");
    expect(
      await product.db.rows(sql`select kind, contact_id, data ->> 'category' as category from interactions`),
    ).toEqual([{ kind: "bounce", contact_id: "1", category: "invalid-mailbox" }]);
  });

  test("[D4] all sending stops and goes on, and says so", async () => {
    const stopped = await marketer.request("POST", "/api/sending/stop");
    expect(stopped.body).toMatchObject({
      stopped: { by: expect.any(String) },
      inDoubt: 1,
      queued: 0,
      troubles: [],
    });
    expect((await marketer.request("POST", "/api/sending/resume")).body).toMatchObject({ stopped: null });
    const log = await product.db.rows<{ action: string }>(
      sql`select action from audit_log where action like 'sending%' order by id`,
    );
    expect(log.map(({ action }) => action)).toEqual(["sending.stopped", "sending.resumed"]);
  });

  test("[D32] a locked instance goes on when an administrator confirms that it is the live one, and only then", async () => {
    const lock = { by: "Postroad", at: new Date().toISOString(), cause: "restored", why: "It is older." };
    const locked = () =>
      product.db.run(
        sql`insert into settings (key, value) values ('delivery.stopped', ${JSON.stringify(lock)}::jsonb)`,
      );
    await locked();
    expect((await marketer.request("GET", "/api/sending")).body).toMatchObject({ stopped: lock });
    expect((await marketer.request("POST", "/api/sending/resume")).body).toMatchObject({
      code: "delivery.restored",
    });
    expect((await marketer.request("POST", "/api/sending/confirm-live")).status).toBe(403);
    const admin = await product.as("admin");
    expect((await admin.request("POST", "/api/sending/confirm-live")).body).toMatchObject({ stopped: null });
    expect((await admin.request("POST", "/api/sending/confirm-live")).status).toBe(409);
    const log = await product.db.rows(
      sql`select action from audit_log where action = 'sending.confirmed-live'`,
    );
    expect(log).toHaveLength(1);
  });

  test("[D72] what is late is listed for its journey, and is sent or skipped once", async () => {
    const url = `/api/mailings/mlg_${mailing}`;
    const attention = async (query = "") =>
      (await marketer.request("GET", `/api/mailings/attention${query}`)).body;
    const late = async () => {
      await product.db.run(sql`
        insert into delivery_chunks (mailing_id, contact_ids, visit_ids, size, planned_at, late, available_at)
        values (${mailing}, '{1}', array[${Date.now()}::bigint], 1, '2026-03-01', 'held', 'infinity')`);
      await product.db.run(sql`update mailing_totals set total = total + 1 where outcome = 'queued'`);
    };
    expect(await attention()).toEqual({ items: [] });
    expect((await marketer.request("POST", `${url}/late/send`)).body).toMatchObject({
      code: "delivery.nothing-late",
    });
    await late();
    expect(await attention()).toMatchObject({
      items: [
        {
          mailingId: `mlg_${mailing}`,
          isPaused: false,
          reason: "",
          queued: 1,
          late: { messages: 1, plannedFrom: "2026-03-01T00:00:00.000Z" },
        },
      ],
    });
    expect(await attention("?journeyId=jrn_99")).toEqual({ items: [] });
    expect((await marketer.request("POST", `${url}/late/skip`)).status).toBe(200);
    await untilSettled(product.db, mailing);
    await late();
    expect((await marketer.request("POST", `${url}/late/send`)).status).toBe(200);
    await untilSettled(product.db, mailing);
    expect(await attention()).toEqual({ items: [] });
    expect((await marketer.request("GET", "/api/sending/verify")).body).toMatchObject({ problems: [] });
    const analyst = await product.as("analyst");
    expect((await analyst.request("POST", `${url}/late/skip`)).status).toBe(403);
  });

  test("a mailing is paused with a reason, resumed and cancelled", async () => {
    const url = `/api/mailings/mlg_${mailing}`;
    expect((await marketer.request("POST", `${url}/pause`, { reason: "typo" })).body).toMatchObject({
      state: "paused",
      pauseReason: "typo",
    });
    expect((await marketer.request("POST", `${url}/resume`)).body).toMatchObject({
      state: "running",
      pauseReason: null,
    });
    expect((await marketer.request("POST", `${url}/cancel`)).body).toMatchObject({ state: "cancelled" });
    expect((await marketer.request("POST", `${url}/resume`)).status).toBe(409);
  });
});

test("403: an analyst stops nothing; 404: unknown ids; 409: what is not in doubt, or was never made", async () => {
  const analyst = await product.as("analyst");
  expect((await analyst.request("POST", "/api/sending/stop")).status).toBe(403);
  expect((await marketer.request("GET", "/api/mailings/mlg_99")).status).toBe(404);
  expect((await marketer.request("GET", "/api/deliveries/dlv_99")).status).toBe(404);
  expect((await marketer.request("GET", "/api/deliveries/dlv_99/message")).status).toBe(404);
  const { items } = await listOf(`/api/mailings/mlg_${mailing}/deliveries?outcome=accepted`);
  const resolve = { deliveryIds: [items[0]?.id], as: "resend" };
  expect((await marketer.request("POST", "/api/deliveries/in-doubt/resolve", resolve)).status).toBe(409);
});
