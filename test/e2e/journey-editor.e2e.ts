import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { launchBrowser } from "#test/browser.ts";
import { type RunningProduct, startProduct } from "#test/running-product.ts";

let data: string;
let product: RunningProduct;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let csrf: string;
const complaints: string[] = [];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), "postroad-journey-"));
  product = await startProduct(data);
  browser = await launchBrowser();
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  await signIn();
  await furnish();
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  rmSync(data, { recursive: true, force: true });
});

async function signIn(): Promise<void> {
  const token = new URL(product.ownerLink ?? "").hash.slice(1);
  const owner = { email: "olga@postroad.test", name: "Olga", password: "correct horse battery staple" };
  await context.request.post(`${product.address}/api/setup`, { data: { token, ...owner } });
  const session = await context.request.get(`${product.address}/api/session`);
  csrf = z.object({ csrfToken: z.string() }).parse(await session.json()).csrfToken;
}

async function api(method: string, path: string, body?: object): Promise<unknown> {
  const answer = await context.request.fetch(product.address + path, {
    method,
    headers: { "x-csrf-token": csrf },
    ...(body ? { data: body } : {}),
  });
  if (!answer.ok()) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return answer.json();
}

const idIn = (body: unknown) => z.object({ id: z.string() }).parse(body).id;

/** Three contacts in Bonn, a segment of them, content settings that may send, and a live message. */
async function furnish(): Promise<void> {
  for (const name of ["ana", "ben", "cleo"])
    await api("POST", "/api/contacts", { email: `${name}@example.com`, city: "Bonn" });
  const bonn = { kind: "attribute", field: "city", test: { operator: "equals", value: "Bonn" } };
  await api("POST", "/api/segments", { name: "Bonn", definition: { timeZone: "UTC", condition: bonn } });
  const { items } = z
    .object({ items: z.array(z.object({ id: z.string() })) })
    .parse(await api("GET", "/api/content-settings"));
  await api("PATCH", `/api/content-settings/${items[0]?.id}`, {
    companyName: "Example",
    postalAddress: "1 Main Street, 53111 Bonn",
    fromName: "Example",
    fromAddress: "news@example.com",
  });
  const message = await api("POST", "/api/messages", {
    name: "Invite",
    subject: "You are invited",
    html: `<html lang="en"><body><p>Hello</p><p>{{ settings.postal_address }}
      <a href="{{ links.subscription_center }}">Preferences</a></p></body></html>`,
  });
  await api("POST", `/api/messages/${idIn(message)}/go-live`, { revision: 1 });
}

async function violations(): Promise<string[]> {
  await page.evaluate(axe);
  const found: unknown = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })");
  return z
    .object({ violations: z.array(z.object({ id: z.string() })) })
    .parse(found)
    .violations.map(({ id }) => id);
}

const tile = (text: string | RegExp) => page.locator(".react-flow__node").filter({ hasText: text });
const properties = () => page.getByRole("complementary", { name: "Properties" });

test("a journey is drawn by keyboard alone, its problems show until nothing is missing", async () => {
  await page.goto(`${product.address}/journeys/new`);
  await page.getByLabel("Name").fill("Spring");
  await page.keyboard.press("Enter");
  await tile("Choose a segment").waitFor();

  await tile("Choose a segment").focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate("document.activeElement.closest('aside') !== null")).toBe(true);
  await properties()
    .getByLabel(/Who enters/)
    .first()
    .focus();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("option", { name: "Bonn" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await tile("Members of “Bonn”").waitFor();

  await page.getByRole("button", { name: "Insert after Members of “Bonn”" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Send email" }).focus();
  await page.keyboard.press("Enter");
  await tile("Choose a message").getByRole("img", { name: "Has a problem" }).waitFor();
  await properties().getByLabel("Message").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("option", { name: "Invite" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await tile("Send “Invite”").waitFor();
  await page.getByText("All changes saved").waitFor();
  await expect.poll(() => page.getByRole("img", { name: "Has a problem" }).count()).toBe(0);
});

test("a tile is deleted and brought back, and the way stays whole", async () => {
  await tile("Send “Invite”").focus();
  await page.keyboard.press("Delete");
  await expect.poll(() => page.locator(".react-flow__node").count()).toBe(2);
  expect(await page.locator(".react-flow__edge").count()).toBe(1);
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("Control+z");
  await tile("Send “Invite”").waitFor();
  expect(await page.locator(".react-flow__edge").count()).toBe(2);
  const path = `/api${new URL(page.url()).pathname}`;
  const saved = z.object({ graph: z.object({ tiles: z.array(z.unknown()) }) });
  await expect.poll(async () => saved.parse(await api("GET", path)).graph.tiles.length).toBe(3);
  await page.getByText("All changes saved").waitFor();
});

test("the editor has no accessibility violations, in light and dark, wide and on a phone", async () => {
  for (const colorScheme of ["light", "dark"] as const)
    for (const width of [1440, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(`localStorage.setItem("mantine-color-scheme-value", "${colorScheme}")`);
      await page.setViewportSize({ width, height: 900 });
      await page.reload();
      await page.getByText("Send “Invite”").first().waitFor();
      expect(await violations(), `${colorScheme} at ${width}`).toEqual([]);
    }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.reload();
});

test("going live says who will enter; the numbers follow, and lead to the contacts and what they went through", async () => {
  await tile("Send “Invite”").waitFor();
  await page.getByRole("button", { name: "Go live" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("3 contacts will enter at once.").waitFor();
  await dialog.getByRole("button", { name: "Go live" }).click();
  await tile("Send “Invite”").getByText("3", { exact: true }).waitFor();
  await page.getByText("Completed").waitFor();

  await tile("Send “Invite”").click();
  await properties()
    .getByRole("button", { name: /Show the contacts: Went on/ })
    .click();
  await page.getByRole("button", { name: "ana@example.com" }).click();
  await page.getByText("Was handed “Invite” for sending").waitFor();
  await page.getByText("Reached the end").waitFor();
  expect(complaints).toEqual([]);
});
