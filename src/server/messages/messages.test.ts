import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { Message } from "#contract/messages.ts";
import { createTestProduct, type TestProduct } from "#test/product.ts";
import { sql } from "../platform/index.ts";

let world: TestProduct;
beforeAll(async () => {
  world = await createTestProduct();
  await world.db.run(sql`
    insert into content_settings (name, is_default, postal_address, from_name, from_address)
    values ('Test', not exists (select 1 from content_settings where is_default), '1 Road', 'Ana', 'ana@example.com')`);
  await world.db.run(sql`
    update content_settings set postal_address = '1 Road', from_name = 'Ana', from_address = 'ana@example.com'`);
});
afterAll(() => world.stop());

type Draft = z.output<typeof Message>;
const template = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) });

async function marketer() {
  return world.as("marketer");
}

async function draft(): Promise<Draft> {
  const agent = await marketer();
  const { items } = template.parse((await agent.request("GET", "/api/templates")).body);
  const invitation = items.find(({ name }) => name === "Event invitation");
  const made = await agent.request("POST", "/api/messages", { name: "Invite", templateId: invitation?.id });
  expect(made.status).toBe(200);
  return Message.parse(made.body);
}

async function save(message: Draft, change: Partial<Draft>) {
  const { id, state, templateId, live, designationLocked, usedBy, updatedAt, ...fields } = {
    ...message,
    ...change,
  };
  return (await marketer()).request("PUT", `/api/messages/${id}`, fields);
}

async function goLive(message: Draft) {
  return (await marketer()).request("POST", `/api/messages/${message.id}/go-live`, {
    revision: message.revision,
  });
}

describe("drafts", () => {
  test("200: a draft starts from a template and is saved by revision", async () => {
    const message = await draft();
    expect(message).toMatchObject({ state: "draft", revision: 1, live: null });
    const saved = await save(message, { subject: "Come along" });
    expect(Message.parse(saved.body)).toMatchObject({ subject: "Come along", revision: 2 });
  });

  test("200: HTML comes back byte for byte", async () => {
    const html = "<!DOCTYPE html>\r\n<p  class='a'\tid=b>&nbsp;{{ contact.first_name }}</P>\n\u00a0é🙂<br/>";
    const saved = Message.parse((await save(await draft(), { html })).body);
    const read = await (await marketer()).request("GET", `/api/messages/${saved.id}`);
    expect(Message.parse(read.body).html).toBe(html);
  });

  test("200: saving what is already there changes nothing", async () => {
    const message = await draft();
    expect(Message.parse((await save(message, {})).body).revision).toBe(1);
  });

  test("403: an analyst reads but does not write", async () => {
    const message = await draft();
    const analyst = await world.as("analyst");
    expect((await analyst.request("GET", `/api/messages/${message.id}`)).status).toBe(200);
    expect((await analyst.request("POST", "/api/messages", { name: "No" })).status).toBe(403);
  });

  test("404: a message that does not exist", async () => {
    expect((await (await marketer()).request("GET", "/api/messages/msg_999999")).status).toBe(404);
  });

  test("409: of two people who edit one revision, the second is told and overwrites nothing", async () => {
    const message = await draft();
    await save(message, { subject: "First" });
    const second = await save(message, { subject: "Second" });
    expect(second).toMatchObject({ status: 409, body: { code: "message.edited-elsewhere" } });
    const read = await (await marketer()).request("GET", `/api/messages/${message.id}`);
    expect(Message.parse(read.body).subject).toBe("First");
  });
});

describe("going live", () => {
  test("200: a checked draft becomes version 1, an edit is pending, going live again makes version 2", async () => {
    const message = await draft();
    const live = z.object({ message: Message }).parse((await goLive(message)).body).message;
    expect(live).toMatchObject({ state: "live", live: { number: 1 }, designationLocked: true });
    const edited = Message.parse((await save(live, { subject: "Another" })).body);
    expect(edited).toMatchObject({ state: "live-with-edits", live: { number: 1 } });
    const again = z.object({ message: Message }).parse((await goLive(edited)).body).message;
    expect(again).toMatchObject({ state: "live", live: { number: 2 } });
    const first = await (await marketer()).request("GET", `/api/messages/${message.id}/versions/1`);
    expect(first.body).toMatchObject({ source: { subject: message.subject } });
  });

  test("409: the designation is locked once a message has been live", async () => {
    const live = z.object({ message: Message }).parse((await goLive(await draft())).body).message;
    const changed = await save(live, { designation: "transactional" });
    expect(changed).toMatchObject({ status: 409, body: { code: "message.designation-locked" } });
  });

  test("422: a message with an error stays a draft and says what and where", async () => {
    const broken = Message.parse(
      (await save(await draft(), { html: "<p>\n{{ contact.frist_name }}</p>" })).body,
    );
    const answer = await goLive(broken);
    expect(answer).toMatchObject({ status: 422, body: { code: "message.check-failed" } });
    expect(JSON.stringify(answer.body)).toContain('"line":2');
    expect(
      Message.parse((await (await marketer()).request("GET", `/api/messages/${broken.id}`)).body).state,
    ).toBe("draft");
  });

  test("F-38: a live version cannot be changed or deleted, not even by SQL", async () => {
    await goLive(await draft());
    await expect(world.db.run(sql`update message_versions set content_hash = 'x'`)).rejects.toThrow(
      "only grows",
    );
    await expect(world.db.run(sql`delete from message_versions`)).rejects.toThrow("only grows");
  });

  test("every change is in the audit log", async () => {
    const message = await draft();
    await goLive(message);
    const rows = await world.db.rows<{ action: string }>(
      sql`select action from audit_log where subject_id = ${message.id} order by id`,
    );
    expect(rows.map(({ action }) => action)).toEqual(["message.created", "message.published"]);
  });
});

describe("the error check", () => {
  const codesOf = (body: unknown) =>
    z
      .object({ findings: z.array(z.object({ code: z.string(), severity: z.string() })) })
      .parse(body)
      .findings.map(({ code }) => code);
  const check = async (change: Partial<Draft>) => {
    const saved = Message.parse((await save(await draft(), change)).body);
    return codesOf((await (await marketer()).request("POST", `/api/messages/${saved.id}/check`, {})).body);
  };

  test("200: every built-in template passes as it comes; only the blank page still wants its subject", async () => {
    const agent = await marketer();
    const { items } = template.parse((await agent.request("GET", "/api/templates")).body);
    const failing: string[] = [];
    for (const { id, name } of items) {
      const made = Message.parse(
        (await agent.request("POST", "/api/messages", { name, templateId: id })).body,
      );
      const { passes } = z
        .object({ passes: z.boolean() })
        .parse((await agent.request("POST", `/api/messages/${made.id}/check`, {})).body);
      if (!passes) failing.push(name);
    }
    expect(items.length).toBeGreaterThan(5);
    expect(failing).toEqual(["Blank page"]);
  });

  test("a subject that is empty for some contact blocks", async () => {
    await world.db.run(sql`insert into contacts (email, email_key) values ('no@name.test', 'no@name.test')`);
    expect(await check({ subject: "{{ contact.first_name }}" })).toContain("subject.empty-for-some");
    expect(await check({ subject: "{{ contact.first_name | default: 'You' }}" })).not.toContain(
      "subject.empty-for-some",
    );
  });

  test("a field without a default that many contacts lack is advised against", async () => {
    const { html } = await draft();
    const greeting = html.replace("<h1", "{{ contact.last_name }}<h1");
    expect(await check({ html: greeting })).toContain("field.often-empty");
    expect(
      await check({ html: greeting.replace("last_name }}", "last_name | default: 'friend' }}") }),
    ).not.toContain("field.often-empty");
  });

  test("a link to the page of an event that does not exist blocks", async () => {
    const { html } = await draft();
    const linked = html.replace("https://example.com/register", "http://postroad.test/e/spring");
    expect(await check({ html: linked })).toContain("reference.missing-event");
    await world.db.run(sql`
      insert into events (slug, name, starts_at, ends_at, time_zone)
      values ('spring', 'Spring', '2027-03-01', '2027-03-02', 'UTC')`);
    expect(await check({ html: linked })).not.toContain("reference.missing-event");
  });

  test("422: without a postal address in the content settings nothing commercial goes live", async () => {
    await world.db.run(sql`update content_settings set postal_address = ''`);
    const answer = await goLive(await draft());
    await world.db.run(sql`update content_settings set postal_address = '1 Road'`);
    expect(answer).toMatchObject({ status: 422, body: { code: "message.check-failed" } });
  });
});

describe("retiring", () => {
  test("200: an archived message leaves the list and comes back", async () => {
    const agent = await marketer();
    const message = await draft();
    await agent.request("POST", `/api/messages/${message.id}/archive`);
    const listed = async () => JSON.stringify((await agent.request("GET", "/api/messages?limit=200")).body);
    expect(await listed()).not.toContain(`"${message.id}"`);
    await agent.request("POST", `/api/messages/${message.id}/restore`);
    expect(await listed()).toContain(`"${message.id}"`);
  });

  test("a list of many comes in pages without gaps or repeats", async () => {
    const agent = await marketer();
    const page = z.object({
      items: z.array(z.object({ id: z.string() })),
      nextCursor: z.string().nullable(),
    });
    const all = page
      .parse((await agent.request("GET", "/api/messages?limit=200")).body)
      .items.map(({ id }) => id);
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const next = page.parse(
        (await agent.request("GET", `/api/messages?limit=2${cursor ? `&cursor=${cursor}` : ""}`)).body,
      );
      seen.push(...next.items.map(({ id }) => id));
      cursor = next.nextCursor;
    }
    expect(seen).toEqual(all);
  });
});

describe("test sends", () => {
  test("200: queue one delivery for each address and contact, of a version that is not live", async () => {
    const message = await draft();
    const answer = await (await marketer()).request("POST", `/api/messages/${message.id}/test-send`, {
      addresses: ["a@example.com", "b@example.com"],
    });
    expect(answer).toMatchObject({ status: 200, body: { queued: 2 } });
    const chunk = await world.db.first<{ size: number; kind: string; number: number | null }>(sql`
      select c.size, m.kind, v.number from delivery_chunks c join mailings m on m.id = c.mailing_id
      join message_versions v on v.id = m.message_version_id where m.message_id = ${message.id.slice(4)}`);
    expect(chunk).toEqual({ size: 2, kind: "test", number: null });
  });
});
