import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "#test/browser.ts";
import { mailboxAt, type ReceivedMail } from "#test/mailbox.ts";
import { type ProductWithClock, startProductWithClock } from "#test/running-product.ts";
import * as marketer from "./story/marketer.ts";
import { contactsFile, newYorkers } from "./story/people.ts";
import * as people from "./story/recipient.ts";

/** The product page's story, told by people with browsers to the product as `npm start` runs it. */
let data: string;
let product: ProductWithClock;
let browser: Browser;
let page: Page;
let recipient: people.Recipient;
let mailbox: ReturnType<typeof mailboxAt>;
let eventPage = "";
let failed: string | undefined;
const complaints: string[] = [];
const results = join(import.meta.dirname, "..", "..", "test-results");
const day = 24 * 60 * 60 * 1000;

const invited = newYorkers.map(({ email }) => email);
const [registers = "", forwards = "", refuses = "", unsubscribes = ""] = invited;
const friend = "frida@friends.example";
const invitation = /an evening in New York/;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), "postroad-story-"));
  product = await startProductWithClock(data);
  mailbox = mailboxAt(product.mailbox);
  browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
  context.setDefaultTimeout(15_000);
  page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${message.text()} ${message.location().url}`);
  });
  recipient = await people.createRecipient(browser, product.mailbox);
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
  writeFileSync(join(results, "product-story.log"), product.output());
  await page.screenshot({ path: join(results, "product-story-marketer.png") });
  const tabs = recipient.context.pages();
  await tabs.at(-1)?.screenshot({ path: join(results, "product-story-recipient.png") });
});

test("the printed link makes the owner account", async () => {
  await marketer.createOwner(page, product.ownerLink ?? "");
});

test("the sender gets a postal address, and contacts a topic to agree to", async () => {
  await marketer.fillContentSettings(page);
  await marketer.addTopic(page, "Concerts");
});

test("a file of contacts comes in with their consent; its broken rows come back with reasons", async () => {
  await marketer.importContacts(page, contactsFile());
  expect(await marketer.figure(page, "Added")).toBe("60");
  expect(await marketer.figure(page, "Not taken")).toBe("2");
  const rejected = await marketer.download(page, "Download the rows not taken");
  expect(rejected).toContain("not-an-address,Nora,Nowhere,New York,23,The address has no @.");
  expect(rejected).toContain(",Nobody,At All,New York,22,The address is empty.");
});

test("the segment “city is New York” counts its forty members while it is built", async () => {
  await marketer.buildSegment(page, "New York", "40 contacts");
});

test("an event gets a registration page", async () => {
  eventPage = await marketer.createEvent(page, "Harbour Night");
  expect(eventPage).toBe(`${product.address}/e/harbour-night`);
});

test("the error check finds what an invitation lacks, repairs it by one click, and lets it go live", async () => {
  await marketer.startMessage(page, {
    name: "Invite",
    template: "Event invitation",
    subject: "{{ contact.first_name }}, an evening in {{ contact.city }}",
    topic: "Concerts",
  });
  await marketer.replaceInHtml(page, "https://example.com/register", eventPage);
  await marketer.replaceInHtml(page, '<a href="{{ links.unsubscribe }}">Unsubscribe</a> ·', "");
  await marketer.replaceInHtml(
    page,
    '<a href="{{ links.subscription_center }}">Choose what you get</a> ·',
    "",
  );
  await marketer.press(page, "Go live");
  const check = page.getByRole("region", { name: "Error check" });
  await check.getByText("The HTML has no link to the subscription centre.").waitFor();
  await check.getByRole("button", { name: "Add a subscription centre footer" }).click();
  await marketer.press(page, "Check");
  await check.getByText("The check passed").waitFor();
  await marketer.takeMessageLive(page);
});

test("a test send arrives and is marked as one", async () => {
  await marketer.sendTest(page, "olga@postroad.test", newYorkers[0]?.email ?? "");
  const mail = await mailbox.waitFor({ to: "olga@postroad.test" });
  expect(mail.subject).toBe("[Test] Ada, an evening in New York");
});

test("the thank-you and the reminder go live", async () => {
  await marketer.startMessage(page, {
    name: "Thank you",
    template: "Event thank-you",
    subject: "Thank you, {{ contact.first_name }}",
    topic: "Concerts",
  });
  await marketer.takeMessageLive(page);
  await marketer.startMessage(page, {
    name: "Reminder",
    template: "Event reminder",
    subject: "{{ contact.first_name }}, there is still a place",
    topic: "Concerts",
  });
  await marketer.replaceInHtml(page, "https://example.com/register", eventPage);
  await marketer.takeMessageLive(page);
});

test("the journey is drawn, checked and taken live", async () => {
  await marketer.drawJourney(page, "Harbour Night");
  expect(await marketer.takeJourneyLive(page)).toContain("40 contacts will enter at once.");
});

test("everybody in New York gets a message of their own, and nobody else gets any", async () => {
  const mails = await invitations();
  expect(mails.map(({ to }) => to)).toEqual(invited.map((address) => [address]));
  for (const [place, mail] of mails.entries()) {
    const { firstName, lastName, email } = newYorkers[place] ?? {};
    expect(mail.subject).toBe(`${firstName}, an evening in New York`);
    expect(header(mail, "To")).toContain(`<${email}>`);
    expect(header(mail, "To")).toContain(lastName);
    expect(header(mail, "To")?.match(/@/g)).toHaveLength(1);
    expect(header(mail, "List-Unsubscribe-Post")).toBe("List-Unsubscribe=One-Click");
    expect(mail.html).toContain(
      `Hello ${firstName?.replace("'", "&#39;")}, we are getting together in New York`,
    );
    expect(mail.text).toContain("1 Pier Road, New York, NY 10004");
  }
  for (const pattern of [/\/o\/[\w-]+\.gif/, /\/c\/[\w-]+\/1/, /\/p\/[\w-]+/, /\/f\/[\w-]+/, /\/v\/[\w-]+/])
    expect(new Set(mails.map(({ html }) => pattern.exec(html ?? "")?.[0])).size).toBe(40);
  expect(new Set(mails.map((mail) => header(mail, "List-Unsubscribe"))).size).toBe(40);
  expect(new Set(mails.map((mail) => header(mail, "Message-ID"))).size).toBe(40);
});

test("a contact forwards to a friend, who gets a fresh copy with links of its own", async () => {
  // A hit within two seconds of the message's arrival counts as a machine's.
  await product.advance(10_000);
  await people.openMail(recipient, forwards, invitation);
  await people.forwardToFriend(recipient, friend, "Frida");
  const copy = await mailbox.waitFor({ to: friend });
  expect(copy.subject).toContain("Frida");
  const original = await mailbox.waitFor({ to: forwards });
  const links = (mail: ReceivedMail): string[] => mail.html?.match(/\/[ocpuf]\/[\w-]+/g) ?? [];
  expect(links(copy).length).toBe(links(original).length);
  expect(links(copy).filter((link) => links(original).includes(link))).toEqual([]);
  for (const word of [forwards, newYorkers[1]?.firstName ?? "", "New York and would"])
    expect(copy.source).not.toContain(word);
});

test("another opens, clicks, registers with one button, and is thanked", async () => {
  await people.openMail(recipient, registers, invitation);
  await people.registerForEvent(recipient);
  const thanks = await mailbox.waitFor({ to: registers, q: "Thank you" });
  expect(thanks.subject).toBe("Thank you, Ada");
});

test("one refuses all mail in the subscription centre, one unsubscribes with one click", async () => {
  await people.openMail(recipient, refuses, invitation);
  await people.refuseAllMail(recipient);
  await people.openMail(recipient, unsubscribes, invitation);
  await people.unsubscribeByHeader(recipient);
});

test("after a week, those who did not register are reminded, unless they unsubscribed", async () => {
  await product.advance(7 * day);
  const expected = invited.filter((email) => ![registers, refuses, unsubscribes].includes(email));
  await mailbox.waitFor({ q: "there is still a place" }, expected.length);
  await marketer.signInAgain(page);
  await marketer.arrivedAt(page, "The journey ends here", 40);
  const { messages } = await mailbox.find({ q: "there is still a place", limit: 100 });
  expect(messages.map(({ to: [to] }) => to).sort()).toEqual(expected);
});

test("the insights of the journey show what happened", async () => {
  await marketer.openInsights(page, "Harbour Night");
  const figures = { Sent: "78", Opens: "4", Clicks: "1", Forwards: "1", Unsubscribes: "2", skipped: "2" };
  for (const [label, value] of Object.entries(figures))
    await expect.poll(() => marketer.figure(page, label), { message: label, timeout: 15_000 }).toBe(value);
});

test("the contact's page tells its story and its consent", async () => {
  await marketer.openContact(page, registers);
  await page.getByRole("tab", { name: "Timeline" }).click();
  for (const words of [
    "Agreed to “Concerts”",
    "Was sent “Invite”",
    "Opened “Invite”",
    "Clicked in “Invite”",
    "Registered for “Harbour Night”",
    "Passed “Trigger” in “Harbour Night”: Yes",
    "Was sent “Thank you”",
  ])
    await page.getByText(words, { exact: true }).waitFor();
  await page.getByRole("tab", { name: "Consent" }).click();
  await page.getByText("Box ticked at the box office").waitFor();
});

test("signing out ends it, without a complaint in the browser's console", async () => {
  await marketer.signOut(page);
  // The browser notes two refusals that belong to the story: going live with an error, and the session that ended
  // with the week that went by.
  expect(complaints.filter((text) => !/status of (?:422|401) /.test(text))).toEqual([]);
});

/** The forty invitations in the order of the contacts. */
async function invitations(): Promise<ReceivedMail[]> {
  await mailbox.waitFor({ q: "an evening in New York" }, 41);
  const { messages } = await mailbox.find({ limit: 500 });
  const mails = await Promise.all(messages.map(({ id }) => mailbox.read(id)));
  return mails
    .filter(({ subject }) => !subject.startsWith("[Test]"))
    .sort((one, other) => (one.to[0] ?? "").localeCompare(other.to[0] ?? ""));
}

function header(mail: ReceivedMail, wanted: string): string | undefined {
  return mail.headers.find(({ name }) => name === wanted)?.value;
}
