import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessibilityProblems } from "#test/accessibility.ts";
import { launchBrowser } from "#test/browser.ts";
import type { DnsServer } from "#test/dns-server.ts";
import { everyPage } from "#test/every-page.ts";
import { type FilledWorkspace, fillWorkspace, startHarbourDns } from "#test/filled-workspace.ts";
import { type RunningProduct, startProduct } from "#test/running-product.ts";

let data: string;
let dns: DnsServer;
let product: RunningProduct;
let browser: Browser;
let workspace: FilledWorkspace;

/** Structure depends on the width only: of the other scheme, contrast is what there is to find. */
const looks = [
  { width: 1440, colorScheme: "light" },
  { width: 1440, colorScheme: "dark", rule: "color-contrast" },
  { width: 390, colorScheme: "dark" },
  { width: 390, colorScheme: "light", rule: "color-contrast" },
] as const;
type Look = (typeof looks)[number];

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), "postroad-every-page-"));
  dns = await startHarbourDns();
  product = await startProduct(data, { POSTROAD_DNS_SERVERS: dns.address });
  workspace = await fillWorkspace(product, dns);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  await dns?.close();
  rmSync(data, { recursive: true, force: true });
});

/** Visits addresses in all looks and gives what is wrong: by axe, by the console, or by scrolling sideways. */
async function visit(addresses: readonly string[]): Promise<string[]> {
  const context = await browser.newContext({ baseURL: product.address, reducedMotion: "reduce" });
  await context.addCookies([workspace.cookie]);
  const page = await context.newPage();
  const problems: string[] = [];
  let place = "";
  page.on("pageerror", (error) => problems.push(`${place}: ${error.message}`));
  page.on("console", (message) => {
    // Pages of unknown addresses are answered by 404 and 410, which the browser notes.
    if (message.type() === "error" && !/status of 4(?:04|10)/.test(message.text()))
      problems.push(`${place}: ${message.text()} ${message.location().url}`);
  });
  for (const address of addresses) {
    place = address;
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(address);
    await page.getByRole("heading", { level: 1 }).waitFor();
    for (const look of looks) problems.push(...(await inspect(page, address, look)));
  }
  await context.close();
  return problems;
}

async function inspect(page: Page, address: string, look: Look): Promise<string[]> {
  await page.setViewportSize({ width: look.width, height: 900 });
  await page.emulateMedia({ colorScheme: look.colorScheme });
  await page.waitForFunction(isSettled, look.colorScheme);
  const found = await accessibilityProblems(page, "rule" in look ? look.rule : undefined);
  const width = await page.evaluate("document.documentElement.scrollWidth");
  if (Number(width) > look.width) found.push(`scrolls sideways to ${width} pixels`);
  return found.map((problem) => `${address} ${look.colorScheme} ${look.width}: ${problem}`);
}

/** Runs in the page: nothing loads or fades any more, and the app has taken on the scheme. */
function isSettled(colorScheme: string): boolean {
  const { mantineColorScheme = colorScheme } = document.documentElement.dataset;
  const isLoading = document.querySelector("main [aria-busy=true], main .mantine-Skeleton-root") !== null;
  return !isLoading && mantineColorScheme === colorScheme && document.getAnimations().length === 0;
}

/** Two at a time: one waits for the server while the other computes. */
async function visitAll(addresses: readonly string[]): Promise<string[]> {
  const half = Math.ceil(addresses.length / 2);
  const found = await Promise.all([visit(addresses.slice(0, half)), visit(addresses.slice(half))]);
  return found.flat();
}

test("every page of the app is accessible in both schemes, wide and narrow, and quiet in the console", async () => {
  expect(await visitAll(everyPage(workspace))).toEqual([]);
});

test("so is a message with everything that its check found", async () => {
  const context = await browser.newContext({ baseURL: product.address, reducedMotion: "reduce" });
  await context.addCookies([workspace.cookie]);
  const page = await context.newPage();
  const draft = `/messages/${workspace.ids.messages?.at(-1)}`;
  await page.goto(draft);
  await page.getByRole("button", { name: "Check", exact: true }).click();
  await page.getByText(/to fix before going live/).waitFor();
  for (const look of looks) expect(await inspect(page, draft, look)).toEqual([]);
  await context.close();
});

test("so is the panel that leads a link elsewhere, which says who did so before, and does it", async () => {
  const context = await browser.newContext({ baseURL: product.address, reducedMotion: "reduce" });
  await context.addCookies([workspace.cookie]);
  const page = await context.newPage();
  const version = `/insights/versions/${workspace.ids.versions?.[0]}`;
  await page.goto(version);
  const open = () =>
    page
      .getByRole("button", { name: /^Repair/ })
      .first()
      .click();
  await open();
  const panel = page.getByRole("dialog");
  await panel.getByRole("region", { name: "Changes" }).getByText("by olga@postroad.test").waitFor();
  for (const look of looks) expect(await inspect(page, version, look)).toEqual([]);
  await panel.getByLabel("Leads to").fill("nowhere");
  await panel.getByRole("button", { name: "Repair the link" }).click();
  await panel.getByText(/A link can only lead to a web address/).waitFor();
  for (const look of looks) expect(await inspect(page, version, look)).toEqual([]);
  await panel.getByLabel("Leads to").fill("https://harbour.example/place");
  await panel.getByRole("button", { name: "Repair the link" }).click();
  await panel.waitFor({ state: "detached" });
  await page.getByText("Leads to https://harbour.example/place since it was repaired").waitFor();
  await open();
  await panel.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "Lead it back" }).click();
  await page.getByText(/since it was repaired/).waitFor({ state: "detached" });
  await context.close();
});

test("so are a message's own link tags, with one that cannot be used", async () => {
  const context = await browser.newContext({ baseURL: product.address, reducedMotion: "reduce" });
  await context.addCookies([workspace.cookie]);
  const page = await context.newPage();
  const draft = `/messages/${workspace.ids.messages?.at(-1)}`;
  await page.goto(draft);
  await page.getByRole("tab", { name: "Sender and settings" }).click();
  await page.getByLabel("Link tags").selectOption("own");
  await page.getByLabel("Campaign").fill("{{ journey.name }}");
  await page.getByText("utm_campaign=Spring%20invitation").waitFor();
  await page.getByRole("textbox", { name: "Content" }).fill("{{ contact.city }}");
  await page.getByText("There is no field “contact.city”.").waitFor();
  for (const look of looks) {
    // What the bar at the top half covers while scrolled would look too small to touch.
    await page.evaluate("scrollTo(0, 0)");
    expect(await inspect(page, draft, look)).toEqual([]);
  }
  await context.close();
});

test("so are the pages that contacts see", async () => {
  expect(await visitAll(workspace.publicPages)).toEqual([]);
});

test("so is the test mailbox", async () => {
  const pages = ["/", "/messages/1", "/messages/1?view=headers", "/messages/1?view=text"];
  expect(await visitAll(pages.map((path) => new URL(path, product.mailbox).href))).toEqual([]);
});
