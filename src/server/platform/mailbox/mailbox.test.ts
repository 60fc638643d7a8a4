import { appendFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport, type SendMailOptions } from "nodemailer";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { systemClock } from "../clock.ts";
import { type Mailbox, startMailbox } from "./index.ts";
import type { Limits } from "./message-store.ts";

let directory: string;
let mailbox: Mailbox;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "postroad-mailbox-"));
  await start();
});
afterEach(async () => {
  await mailbox.stop();
  rmSync(directory, { recursive: true });
});

async function start(limits?: Limits): Promise<void> {
  mailbox = await startMailbox({
    directory,
    smtpPort: 0,
    webPort: 0,
    clock: systemClock,
    ...(limits ? { limits } : {}),
  });
}

async function send(message: SendMailOptions): Promise<void> {
  const transport = createTransport({ host: "127.0.0.1", port: mailbox.smtpPort, ignoreTLS: true });
  try {
    await transport.sendMail({ from: "News <news@sender.test>", ...message });
  } finally {
    transport.close();
  }
}

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${mailbox.webPort}${path}`, { headers });

const found = z.object({
  total: z.number(),
  messages: z.array(
    z.object({ id: z.number(), to: z.array(z.string()), from: z.string(), subject: z.string() }),
  ),
});
const find = async (search = "") => found.parse(await (await get(`/api/messages?${search}`)).json());

describe("the test mailbox over SMTP", () => {
  test("keeps envelope, decoded subject and the very bytes that were sent", async () => {
    await send({
      to: "jürgen@there.test",
      subject: "Grüße an alle 🎉",
      text: ".dot\r\n..dots",
      html: "<p>Hi</p>",
    });
    const { messages, total } = await find();
    expect(total).toBe(1);
    expect(messages[0]).toMatchObject({ id: 1, from: "news@sender.test", subject: "Grüße an alle 🎉" });
    const source = await (await get("/messages/1/source.eml")).text();
    expect(source).toContain("\r\n.dot\r\n..dots");
  });

  test("an address with +bounce before its @ does not exist", async () => {
    await expect(send({ to: "eve+bounce@there.test", text: "x" })).rejects.toMatchObject({
      responseCode: 550,
    });
    await send({ to: "eve-bounce@there.test", text: "x" });
    expect((await find()).total).toBe(1);
  });

  test("an address with +defer is accepted at the second try", async () => {
    await expect(send({ to: "eve+defer@there.test", text: "x" })).rejects.toMatchObject({
      responseCode: 451,
    });
    await send({ to: "eve+defer@there.test", text: "x" });
    expect((await find()).total).toBe(1);
  });

  test("messages are still there after a restart, and what a crash cut short is not", async () => {
    await send({ to: "a@there.test", subject: "First", text: "x" });
    await send({ to: "b@there.test", subject: "Second", text: "y" });
    await mailbox.stop();
    const [segment] = readdirSync(directory);
    appendFileSync(join(directory, segment ?? ""), Buffer.from([50, 0, 0, 0, 99, 0, 0, 0, 123]));
    await start();
    await send({ to: "c@there.test", subject: "Third", text: "z" });
    expect((await find()).messages.map(({ id, subject }) => [id, subject])).toEqual([
      [3, "Third"],
      [2, "Second"],
      [1, "First"],
    ]);
    expect(await (await get("/messages/2/source.eml")).text()).toContain("Subject: Second");
  });

  test("the oldest messages go when there are too many", async () => {
    await mailbox.stop();
    await start({ maxMessages: 5, maxBytes: 1e9, segmentMessages: 2, segmentBytes: 1e9 });
    for (let number = 1; number <= 9; number++) await send({ to: `n${number}@there.test`, text: "x" });
    const { messages } = await find();
    expect(messages.length).toBeLessThanOrEqual(6);
    expect(messages[0]?.to).toEqual(["n9@there.test"]);
    expect((await get("/messages/1")).status).toBe(404);
    expect((await get(`/messages/${messages.at(-1)?.id}`)).status).toBe(200);
  });
});

describe("the pages of the test mailbox", () => {
  test("the list escapes what came by mail and is found by address and subject", async () => {
    await send({ to: "ann@there.test", subject: '<script>alert("x")</script>', text: "x" });
    await send({ to: "bob@there.test", subject: "Plain", text: "x" });
    const list = await (await get("/")).text();
    expect(list).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
    expect(list).not.toContain("<script");
    expect(await (await get("/?q=ANN%40")).text()).not.toContain("bob@there.test");
    expect((await find("to=bob")).total).toBe(1);
    expect((await find("q=script")).total).toBe(1);
  });

  test("a message is framed without any right to run, its links open elsewhere, its own pictures come along", async () => {
    await send({
      to: "ann@there.test",
      subject: "Pictures",
      html: '<!doctype html><html><head><title>x</title></head><body><a href="https://x.test/">Go</a><img src="cid:logo@x"></body></html>',
      attachments: [
        { filename: "logo.png", content: Buffer.from("picture"), cid: "logo@x", contentType: "image/png" },
      ],
    });
    const page = await get("/messages/1");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'; style-src 'self'");
    expect(await page.text()).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    const frame = await get("/messages/1/document");
    expect(frame.headers.get("content-security-policy")).toMatch(
      /sandbox allow-popups allow-popups-to-escape-sandbox$/,
    );
    const document = await frame.text();
    expect(document).toContain('<head><base target="_blank"><title>');
    expect(document).toContain('<img src="/messages/1/parts/0">');
    const picture = await get("/messages/1/parts/0");
    expect([picture.headers.get("content-type"), await picture.text()]).toEqual(["image/png", "picture"]);
  });

  test("an attached page is for saving, never shown from here", async () => {
    const file = { filename: "x.html", content: "<script>1</script>", contentType: "text/html" };
    await send({ to: "ann@there.test", text: "x", attachments: [file] });
    const { headers } = await get("/messages/1/parts/0");
    expect(headers.get("content-type")).toBe("application/octet-stream");
    expect(headers.get("content-disposition")).toBe("attachment");
  });

  test.each(["message", "phone", "text", "headers", "source"])("the view %s is there", async (view) => {
    await send({ to: "ann@there.test", subject: "All", text: "see https://x.test/a", html: "<p>Hi</p>" });
    const response = await get(`/messages/1?view=${view}`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('aria-current="page"');
  });

  test("the unsubscribe button of mail clients posts where the header says", async () => {
    const headers = {
      "List-Unsubscribe": "<https://postroad.test/u/abc>, <mailto:out@postroad.test>",
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    };
    await send({ to: "ann@there.test", text: "x", headers });
    expect(await (await get("/messages/1")).text()).toContain(
      '<form method="post" action="https://postroad.test/u/abc"',
    );
  });

  test("another name for this machine reads nothing", async () => {
    const { statusCode } = await new Promise<{ statusCode: number | undefined }>((resolve, reject) => {
      import("node:http").then(({ get: ask }) =>
        ask({ port: mailbox.webPort, host: "127.0.0.1", headers: { host: "evil.test" } }, (response) => {
          response.resume();
          resolve({ statusCode: response.statusCode });
        }).on("error", reject),
      );
    });
    expect(statusCode).toBe(421);
  });
});
