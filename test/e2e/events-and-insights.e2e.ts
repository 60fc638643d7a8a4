import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mintTokens } from "#core/tracking/tokens.ts";
import { findEmbeddedPostgres } from "#server/platform/embedded-postgres/index.ts";
import {
  createLog,
  createSecrets,
  type Database,
  loadInstanceKey,
  openDatabase,
} from "#server/platform/index.ts";
import { loadTrackingKeys } from "#server/tracking/index.ts";
import { accessibilityProblems } from "#test/accessibility.ts";
import { launchBrowser } from "#test/browser.ts";
import { aMailing, someContacts } from "#test/mailings.ts";
import { type ProductWithClock, startProductWithClock } from "#test/running-product.ts";

const person =
  "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";

let data: string;
let product: ProductWithClock;
let browser: Browser;
let page: Page;
let db: Database;
const complaints: string[] = [];

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), "postroad-events-"));
  product = await startProductWithClock(data);
  db = openDatabase(findEmbeddedPostgres(join(data, "postgres")) ?? "", createLog("silent"), 3);
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(product.ownerLink ?? "");
  await page.getByLabel(/name/i).first().fill("Olga Owner");
  await page.getByLabel(/email/i).first().fill("olga@postroad.test");
  await page
    .getByLabel(/password/i)
    .first()
    .fill("correct horse battery staple");
  await page.keyboard.press("Enter");
  await page.getByRole("navigation").first().waitFor();
});
afterAll(async () => {
  await browser?.close();
  await db?.close();
  await product?.stop();
  rmSync(data, { recursive: true, force: true });
});

test("an event is made and opened in the app, registered for without script, and the app shows who comes", async () => {
  await page.goto(`${product.address}/events`);
  await page.getByRole("link", { name: "New event" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Spring meeting");
  await page.getByLabel("Places").fill("1");
  await page.getByRole("button", { name: "Create draft" }).click();
  await page.getByRole("button", { name: "Open registration" }).click();
  await page.getByText(`${product.address}/e/spring-meeting`).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);

  const visitor = await browser.newContext({ javaScriptEnabled: false, colorScheme: "dark" });
  for (const [email, answer] of [
    ["ana@example.com", "You are registered"],
    ["ben@example.com", "You are on the waiting list"],
  ] as const) {
    const form = await visitor.newPage();
    await form.goto(`${product.address}/e/spring-meeting`);
    await form.getByLabel("Email").fill(email);
    await product.advance(5000); // a form sent too soon is taken for a program's
    await form.getByRole("button", { name: /^(Register|Join the waiting list)$/ }).click();
    await form.getByRole("heading", { name: answer }).waitFor();
  }
  await visitor.close();

  await page.getByRole("link", { name: "ana@example.com" }).waitFor();
  await page.getByText("1 of 1").waitFor();
  await page
    .locator("label")
    .filter({ hasText: /^Waiting$/ })
    .click();
  await page.getByRole("link", { name: "ana@example.com" }).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "ben@example.com" }).waitFor();
  expect(complaints).toEqual([]);
});

test("a click shows up in the results by itself, and its number leads to the contact", async () => {
  const [contact = ""] = await someContacts(db, ["cleo@example.com"]);
  const mailing = await aMailing(db, {
    contactIds: [contact],
    name: "Spring invite",
    links: [{ number: 1, url: `${product.address}/e/spring-meeting`, label: "Register" }],
  });
  await page.goto(`${product.address}/insights`);
  await page.getByRole("tab", { name: "Messages" }).click();
  await page.getByRole("link", { name: "Spring invite" }).click();
  await page.getByRole("heading", { name: "Spring invite", level: 1 }).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);

  const secrets = createSecrets(loadInstanceKey(join(data, "instance.key")));
  const keys = await loadTrackingKeys({ db, secrets, log: createLog("silent") });
  const { read } = mintTokens(mailing.deliveryIds[0] ?? "", keys.current(), keys.mac);
  const recipient = await browser.newContext({ userAgent: person, javaScriptEnabled: false });
  const landing = await recipient.newPage();
  await landing.goto(`${product.address}/c/${read}/1`);
  await landing.getByText("c•••@e•••.com").waitFor();
  await landing.getByRole("button", { name: "Join the waiting list" }).click();
  await landing.getByRole("heading", { name: "You are on the waiting list" }).waitFor();
  await recipient.close();

  await page.getByTitle("Clicks: show the contacts").filter({ hasText: "1" }).click({ timeout: 30_000 });
  await page.getByRole("dialog").getByRole("link", { name: "cleo@example.com" }).waitFor();
  expect(complaints).toEqual([]);
});
