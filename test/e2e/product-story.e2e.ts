import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { launchBrowser } from "#test/browser.ts";
import { mailboxAt } from "#test/mailbox.ts";
import { type ProductWithClock, startProductWithClock } from "#test/running-product.ts";
import {
  addTopic,
  askApi,
  choose,
  createOwner,
  fillContentSettings,
  goTo,
  heading,
  press,
  replaceInHtml,
  startMessage,
  takeMessageLive,
} from "./story/marketer.ts";
import { newYorkers, others } from "./story/people.ts";

/** The product page's story, told by a person with a browser to the product as `npm start` runs it. */
let data: string;
let product: ProductWithClock;
let browser: Browser;
let page: Page;
let mailbox: ReturnType<typeof mailboxAt>;
let failed: string | undefined;
const complaints: string[] = [];
const results = join(import.meta.dirname, "..", "..", "test-results");

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), "postroad-story-"));
  product = await startProductWithClock(data);
  mailbox = mailboxAt(product.mailbox);
  browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
  context.setDefaultTimeout(10_000);
  page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  rmSync(data, { recursive: true, force: true });
});

// The steps are one story: after the first that fails, the others say so at once instead of waiting in vain.
beforeEach(() => {
  if (failed) throw new Error(`The story ended at "${failed}"`);
});
afterEach(async ({ task }) => {
  if (task.result?.state !== "fail" || failed) return;
  failed = task.name;
  mkdirSync(results, { recursive: true });
  await page.screenshot({ path: join(results, "product-story.png"), fullPage: true });
  writeFileSync(join(results, "product-story.log"), product.output());
});

let eventPage = "";

test("the printed link makes the owner account", async () => {
  await createOwner(page, product.ownerLink ?? "");
});

test("the sender gets a postal address, and contacts a topic to subscribe to", async () => {
  await fillContentSettings(page);
  await addTopic(page, "Concerts");
});

test("sixty contacts come in", async () => {
  const { items } = z
    .object({ items: z.array(z.object({ id: z.string() })) })
    .parse(await askApi(page, "GET", "/api/topics"));
  for (const person of [...newYorkers, ...others]) {
    const { id } = z.object({ id: z.string() }).parse(await askApi(page, "POST", "/api/contacts", person));
    await askApi(page, "POST", `/api/contacts/${id}/consent`, { topicId: items[0]?.id, kind: "granted" });
  }
});

test("the segment “city is New York” counts its forty members while it is built", async () => {
  await goTo(page, "Segments");
  await page.getByRole("link", { name: "New segment" }).first().click();
  await page.getByRole("textbox", { name: "Name" }).fill("New York");
  await press(page, "Create segment");
  await heading(page, "New York");
  await page.getByText("60 contacts", { exact: true }).waitFor();
  await press(page, "Add rule");
  await page.getByRole("menuitem", { name: "City" }).click();
  await page.getByRole("textbox", { name: "City: text" }).fill("New York");
  await page.getByText("40 contacts", { exact: true }).waitFor();
  await press(page, "Save rules");
  await page.getByText("Segment saved").waitFor();
});

test("an event gets its registration page", async () => {
  const made = z.object({ id: z.string(), pageUrl: z.string() }).parse(
    await askApi(page, "POST", "/api/events", {
      name: "Harbour Night",
      startsAt: "2030-06-01T18:00:00-04:00",
      endsAt: "2030-06-01T22:00:00-04:00",
      timeZone: "America/New_York",
      place: "Pier 17",
    }),
  );
  await askApi(page, "POST", `/api/events/${made.id}/open`);
  eventPage = made.pageUrl;
});

test("the error check finds what an invitation lacks, repairs it by one click, and lets it go live", async () => {
  await startMessage(page, {
    name: "Invite",
    template: "Event invitation",
    subject: "{{ contact.first_name }}, an evening in {{ contact.city }}",
    topic: "Concerts",
  });
  await replaceInHtml(page, "https://example.com/register", eventPage);
  await replaceInHtml(page, '<a href="{{ links.subscription_center }}">Choose what you get</a> ·', "");
  await press(page, "Check");
  const check = page.getByRole("region", { name: "Error check" });
  await check.getByText(/to fix before going live/).waitFor();
  await check.getByRole("button", { name: /subscription/i }).click();
  await press(page, "Check");
  await check.getByText("The check passed").waitFor();
  await takeMessageLive(page);
});

test("a test send arrives, marked as a test", async () => {
  await press(page, "Send test");
  await press(page, "Send test");
  const mail = await mailbox.waitFor({ to: "olga@postroad.test" });
  expect(mail.subject).toMatch(/test/i);
});

test("the thank-you and the reminder go live", async () => {
  await startMessage(page, {
    name: "Thank you",
    template: "Event thank-you",
    subject: "Thank you, {{ contact.first_name }}",
    topic: "Concerts",
  });
  await takeMessageLive(page);
  await startMessage(page, {
    name: "Reminder",
    template: "Event reminder",
    subject: "{{ contact.first_name }}, there is still a place",
    topic: "Concerts",
  });
  await replaceInHtml(page, "https://example.com/register", eventPage);
  await takeMessageLive(page);
});

test("the journey is drawn, checked and taken live", async () => {
  await goTo(page, "Journeys");
  await page.getByRole("link", { name: "New journey" }).first().click();
  await page.getByRole("textbox", { name: "Name" }).fill("Harbour Night");
  await press(page, "Make journey");
  await heading(page, "Harbour Night");
  void choose;
});

test("the app has nothing to complain about", () => {
  expect(complaints).toEqual([]);
});
