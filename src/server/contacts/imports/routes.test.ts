import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";
import { sql } from "../../platform/index.ts";

let world: TestProduct;
let marketer: Agent;
let owner: Agent;
let topic: string;
beforeAll(async () => {
  world = await createTestProduct();
  owner = await world.as("owner");
  marketer = await world.as("marketer");
  topic = idIn((await owner.request("POST", "/api/topics", { name: "News" })).body);
});
afterAll(() => world.stop());

const withCode = (code: string) => expect.objectContaining({ code });
const idIn = (body: unknown) => z.object({ id: z.string() }).parse(body).id;

async function upload(content: string | Buffer, fileName = "people.csv") {
  return marketer.request("POST", `/api/imports?fileName=${fileName}`, Buffer.from(content), {
    "content-type": "text/csv",
  });
}

/** Uploads, corrects, starts and waits. Returns the import at its end. */
async function importFile(content: string | Buffer, change: object = {}) {
  const id = idIn((await upload(content)).body);
  const configured = await marketer.request("PUT", `/api/imports/${id}`, change);
  expect(configured.status).toBe(200);
  expect((await marketer.request("POST", `/api/imports/${id}/start`)).status).toBe(200);
  await world.runJobs();
  return (await marketer.request("GET", `/api/imports/${id}`)).body;
}

async function contactOf(email: string) {
  return world.db.first<{ id: string; attributes: object }>(sql`
    select id, email, first_name, last_name, country, city, attributes from contacts where email_key = ${email}`);
}

describe("from upload to the end", () => {
  test("200: format and columns are guessed, rows previewed, taken over, and the file is removed", async () => {
    const file = [
      "E-Mail;Vorname;Ort;Kundenwert;Seit",
      "Ana@Example.com;Ana;Bonn;12,5;1.2.2024",
      'bo@example.com;"Bo; Jr.";;7;',
      "not an address;X;Y;1;",
    ].join("\r\n");
    const uploaded = await upload(file);
    expect(uploaded).toMatchObject({
      status: 200,
      body: {
        state: "uploaded",
        format: { encoding: "utf-8", delimiter: ";", hasHeader: true },
        columns: [
          { header: "E-Mail", target: { kind: "email" } },
          { header: "Vorname", target: { kind: "field", field: "firstName" } },
          { header: "Ort", target: { kind: "field", field: "city" } },
          { header: "Kundenwert", target: { kind: "new-attribute", key: "kundenwert", type: "number" } },
          { header: "Seit", target: { kind: "new-attribute", key: "seit", type: "date" } },
        ],
      },
    });
    const id = idIn(uploaded.body);
    expect((await marketer.request("GET", `/api/imports/${id}/preview`)).body).toMatchObject({
      rows: [
        { number: 2, cells: ["Ana@Example.com", "Ana", "Bonn", "12,5", "1.2.2024"], problems: [] },
        { number: 3, problems: [] },
        { number: 4, problems: [{ column: 0, code: "address-invalid" }] },
      ],
    });
    expect((await marketer.request("POST", `/api/imports/${id}/start`)).body).toMatchObject({
      state: "running",
    });
    await world.runJobs();
    expect((await marketer.request("GET", `/api/imports/${id}`)).body).toMatchObject({
      state: "finished",
      progress: { readRows: 3, createdRows: 2, updatedRows: 0, failedRows: 1, secondsLeft: null },
    });
    expect(await contactOf("ana@example.com")).toMatchObject({
      email: "Ana@Example.com",
      first_name: "Ana",
      city: "Bonn",
      attributes: { kundenwert: 12.5, seit: "2024-02-01" },
    });
    expect(await contactOf("bo@example.com")).toMatchObject({ first_name: "Bo; Jr.", city: null });
    expect(readdirSync(join(world.platform.config.dataDirectory, "imports"))).toEqual([]);
    const errors = await marketer.request("GET", `/api/imports/${id}/errors`);
    expect(String(errors.body).split("\r\n")).toEqual([
      "E-Mail,Vorname,Ort,Kundenwert,Seit,import_row,import_error",
      "not an address,X,Y,1,,4,The address has no @.",
      "",
    ]);
  });

  test("a file corrected by the wrong-rows download imports again, and cells of it run as no formula", async () => {
    const body = z.object({ id: z.string() }).parse(await importFile("email,first_name\n=cmd()@x,=1+1\n"));
    const errors = String((await marketer.request("GET", `/api/imports/${body.id}/errors`)).body);
    expect(errors).toContain("\r\n'=cmd()@x,'=1+1,2,");
  });

  test.each([
    ["UTF-8 with a byte order mark", Buffer.from("\ufeffemail,first_name\nbom@example.com,Zoë\n"), "utf-8"],
    [
      "UTF-16 little-endian",
      Buffer.from("\ufeffemail,first_name\nle@example.com,Zoë\n", "utf16le"),
      "utf-16le",
    ],
    [
      "UTF-16 big-endian",
      Buffer.from("\ufeffemail,first_name\nbe@example.com,Zoë\n", "utf16le").swap16(),
      "utf-16be",
    ],
    ["Windows-1252", Buffer.from("email,first_name\nwin@example.com,Zo\xeb\n", "latin1"), "windows-1252"],
  ])("%s is told and read", async (_name, content, encoding) => {
    const result = await importFile(content);
    expect(result).toMatchObject({ state: "finished", format: { encoding }, progress: { createdRows: 1 } });
    const key = /(\w+)@example/.exec(content.toString("latin1").replaceAll("\0", ""))?.[0];
    expect(await contactOf(`${key}.com`)).toMatchObject({ first_name: "Zoë" });
  });

  test("an unclosed quote costs its own row, not the rest of the file", async () => {
    const rows = Array.from(
      { length: 60_000 },
      (_, n) => `quote${n}@example.com,"Name ${n}",Bonn${" ".repeat(20)}`,
    );
    rows[100] = 'quote100@example.com,"Name,Bonn';
    const file = `email,first_name,city\n${rows.join("\n")}\n`;
    const result = z
      .object({ state: z.string(), progress: z.object({ createdRows: z.number(), readRows: z.number() }) })
      .parse(await importFile(file));
    expect(result.state).toBe("finished");
    expect(await contactOf("quote59999@example.com")).toBeDefined();
  });
});

describe("duplicates", () => {
  test("update: what the file has replaces, what it lacks stays, and the later row of two counts", async () => {
    await importFile("email,first_name,city,country\ndup@example.com,Old,Oslo,NO\n");
    const result = await importFile("email,first_name,city\nDUP@example.com,,Rome\ndup@example.com,New,\n");
    expect(result).toMatchObject({
      progress: { readRows: 2, createdRows: 0, updatedRows: 2, skippedRows: 0 },
    });
    expect(await contactOf("dup@example.com")).toMatchObject({
      first_name: "New",
      city: "Rome",
      country: "NO",
    });
  });

  test("skip: known contacts stay as they are, and the first row of two counts", async () => {
    await importFile("email,city\nskip@example.com,Oslo\n");
    const result = await importFile(
      "email,city\nskip@example.com,Rome\nfresh@example.com,A\nfresh@example.com,B\n",
      {
        onDuplicate: "skip",
      },
    );
    expect(result).toMatchObject({
      progress: { readRows: 3, createdRows: 1, updatedRows: 0, skippedRows: 2 },
    });
    expect(await contactOf("skip@example.com")).toMatchObject({ city: "Oslo" });
    expect(await contactOf("fresh@example.com")).toMatchObject({ city: "A" });
  });

  test("[CT4] the same file twice changes nothing the second time", async () => {
    const file = "email,first_name\nsame1@example.com,A\nsame2@example.com,B\n";
    await importFile(file);
    const before = await world.db.rows(
      sql`select xmin, * from contacts where email_key like 'same%' order by id`,
    );
    await importFile(file);
    expect(
      await world.db.rows(sql`select xmin, * from contacts where email_key like 'same%' order by id`),
    ).toEqual(before);
  });
});

describe("consent", () => {
  test("[C6] [CT5] it is recorded with source, wording and date, and brings back nobody who withdrew", async () => {
    await importFile("email\nwithdrew@example.com\n");
    const known = await contactOf("withdrew@example.com");
    const url = `/api/contacts/cnt_${known?.id}/consent`;
    await marketer.request("POST", url, { topicId: topic, kind: "withdrawn" });
    await importFile("email\nwithdrew@example.com\nagreed@example.com\n", {
      consent: { topicId: topic, wording: "Ticked on paper", givenAt: "2024-05-01T00:00:00Z" },
    });
    expect(
      await world.db.rows(sql`
        select address_key, kind, source, wording, at from consent_events
        where address_key in ('withdrew@example.com', 'agreed@example.com') order by id`),
    ).toEqual([
      expect.objectContaining({ address_key: "withdrew@example.com", kind: "withdrawn" }),
      {
        address_key: "agreed@example.com",
        kind: "granted",
        source: "import",
        wording: "Ticked on paper",
        at: new Date("2024-05-01T00:00:00Z"),
      },
    ]);
  });

  test("[C16] a suppressed address stays suppressed", async () => {
    await marketer.request("POST", "/api/suppressions", {
      addresses: ["never@example.com"],
      reason: "asked",
    });
    await importFile("email\nnever@example.com\n", { consent: { topicId: topic } });
    expect((await marketer.request("GET", "/api/suppressions?search=never@")).body).toMatchObject({
      items: [{ address: "never@example.com", liftedAt: null }],
    });
  });
});

describe("refusals", () => {
  test("400: no table, a mapping without an address, twice the same target", async () => {
    expect(await upload("")).toMatchObject({ status: 400, body: withCode("imports.file-unreadable") });
    expect(
      await upload(Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 8, 0, 0, 0, 10, 1]), "book.xlsx"),
    ).toMatchObject({
      status: 400,
    });
    const id = idIn((await upload("email,first_name\na@example.com,A\n")).body);
    const put = (columns: object[]) => marketer.request("PUT", `/api/imports/${id}`, { columns });
    expect(await put([{ kind: "ignore" }, { kind: "ignore" }])).toMatchObject({
      status: 400,
      body: withCode("imports.mapping-invalid"),
    });
    expect((await put([{ kind: "email" }, { kind: "email" }])).status).toBe(400);
    expect((await put([{ kind: "email" }])).status).toBe(400);
    expect((await put([{ kind: "email" }, { kind: "attribute", key: "unknown" }])).status).toBe(400);
    expect((await marketer.request("POST", "/api/imports?fileName=x", { not: "a file" })).status).toBe(400);
  });

  test("401, 403: strangers and analysts; 404: unknown imports and topics; 409: archived topics", async () => {
    const analyst = await world.as("analyst");
    const csv = Buffer.from("email\na@example.com\n");
    const headers = { "content-type": "text/csv" };
    expect((await world.anonymous.request("POST", "/api/imports?fileName=x", csv, headers)).status).toBe(401);
    expect((await analyst.request("POST", "/api/imports?fileName=x", csv, headers)).status).toBe(403);
    for (const [method, path] of [
      ["GET", ""],
      ["PUT", ""],
      ["GET", "/preview"],
      ["POST", "/start"],
      ["POST", "/cancel"],
      ["GET", "/errors"],
    ] as const)
      expect(
        (await marketer.request(method, `/api/imports/imp_99999${path}`, method === "GET" ? undefined : {}))
          .status,
      ).toBe(404);
    const id = idIn((await upload(csv)).body);
    const consent = (topicId: string) =>
      marketer.request("PUT", `/api/imports/${id}`, { consent: { topicId } });
    expect((await consent("top_99999")).status).toBe(404);
    const archived = idIn((await owner.request("POST", "/api/topics", { name: "Old" })).body);
    await owner.request("POST", `/api/topics/${archived}/archive`);
    expect((await consent(archived)).status).toBe(409);
  });

  test("409: what is running, finished or cancelled is not set up or started again", async () => {
    const id = idIn(await importFile("email\nonce@example.com\n"));
    for (const [method, path] of [
      ["PUT", ""],
      ["POST", "/start"],
      ["POST", "/cancel"],
    ] as const)
      expect(await marketer.request(method, `/api/imports/${id}${path}`, {})).toMatchObject({
        status: 409,
        body: withCode("imports.wrong-state"),
      });
    expect((await marketer.request("GET", `/api/imports/${id}/preview`)).status).toBe(409);
  });

  test("cancelling before the start removes the file; started twice at once, it runs once", async () => {
    const directory = join(world.platform.config.dataDirectory, "imports");
    const before = readdirSync(directory).length;
    const id = idIn((await upload("email\ncancelled@example.com\n")).body);
    expect(readdirSync(directory)).toHaveLength(before + 1);
    expect((await marketer.request("POST", `/api/imports/${id}/cancel`)).body).toMatchObject({
      state: "cancelled",
    });
    expect(readdirSync(directory)).toHaveLength(before);
    expect(existsSync(directory)).toBe(true);
    const twice = idIn((await upload("email\ntwice@example.com\n")).body);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => marketer.request("POST", `/api/imports/${twice}/start`)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    await world.runJobs();
  });
});
