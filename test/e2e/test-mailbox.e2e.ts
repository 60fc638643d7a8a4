import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "#server/platform/index.ts";
import { type Mailbox, startMailbox } from "#server/platform/mailbox/index.ts";
import { accessibilityProblems } from "#test/accessibility.ts";
import { launchBrowser } from "#test/browser.ts";
import { mailboxAt } from "#test/mailbox.ts";

let directory: string;
let mailbox: Mailbox;
let site: Server;
let siteAddress: string;
let browser: Browser;
const asked: string[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "postroad-mailbox-"));
  mailbox = await startMailbox({ directory, smtpPort: 0, webPort: 0, clock: systemClock });
  site = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(200, { "content-type": "text/html" }).end("<title>The site</title>");
  });
  siteAddress = await new Promise((resolve) => {
    site.listen(0, "127.0.0.1", () => {
      const address = site.address();
      resolve(`http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`);
    });
  });
  const transport = createTransport({ host: "127.0.0.1", port: mailbox.smtpPort, ignoreTLS: true });
  await transport.sendMail({
    from: "Concerts <news@sender.test>",
    to: "anna@there.test",
    subject: "Anna, your invitation",
    text: `Dear Anna, see ${siteAddress}/text`,
    html: `<!doctype html><html lang="en"><head><title>Invitation</title></head><body><h1>Dear Anna</h1>
      <a href="${siteAddress}/tickets">Tickets</a><script>document.title = "ran"</script>
      <img src="${siteAddress}/beacon.gif" alt="" onerror="document.body.textContent = 'ran'"></body></html>`,
  });
  await transport.sendMail({
    from: "news@sender.test",
    to: "ben@there.test",
    subject: "Another",
    text: "Only text",
  });
  transport.close();
  await mailboxAt(`http://127.0.0.1:${mailbox.webPort}`).waitFor({ to: "ben@" });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  site?.close();
  await mailbox?.stop();
  rmSync(directory, { recursive: true });
});

async function open(
  path: string,
  options: { width?: number; colorScheme?: "light" | "dark" } = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1200, height: 800 },
    colorScheme: options.colorScheme ?? "light",
  });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${mailbox.webPort}${path}`);
  return page;
}

describe("the test mailbox in a browser", () => {
  test("a message is found by its address and opened by keyboard alone", async () => {
    const page = await open("/");
    await page.getByRole("searchbox").focus();
    await page.keyboard.type("anna@");
    await page.keyboard.press("Enter");
    const message = page.getByRole("link", { name: /your invitation/ });
    await message.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Anna, your invitation" }).waitFor();
    expect(await page.getByRole("link", { name: /Another/ }).count()).toBe(0);
    await page.context().close();
  });

  test("reading a message loads its pictures, runs nothing, and its links open in a tab of their own", async () => {
    asked.length = 0;
    const page = await open("/messages/1");
    const frame = page.frameLocator("iframe");
    await expect.poll(() => asked).toContain("/beacon.gif");
    const tab = page.waitForEvent("popup");
    await frame.getByRole("link", { name: "Tickets" }).click();
    const opened = await tab;
    await opened.waitForLoadState();
    expect(await opened.title()).toBe("The site");
    expect(asked).toContain("/tickets");
    expect(await frame.getByRole("heading", { name: "Dear Anna" }).count()).toBe(1);
    await page.context().close();
  });

  test.each([
    ["/", "light", 1200],
    ["/", "dark", 390],
    ["/?q=nobody", "dark", 1200],
    ["/messages/1", "light", 390],
    ["/messages/1", "dark", 1200],
    ["/messages/1?view=headers", "light", 390],
    ["/messages/2?view=text", "dark", 390],
    ["/messages/1?view=source", "light", 1200],
  ] as const)(
    "%s in %s at %i pixels has no accessibility problem and does not scroll sideways",
    async (path, colorScheme, width) => {
      const page = await open(path, { colorScheme, width });
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      await page.context().close();
    },
  );
});
