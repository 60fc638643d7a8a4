import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessibilityProblems } from "#test/accessibility.ts";
import { launchBrowser } from "#test/browser.ts";
import { type RunningProduct, startProduct } from "#test/running-product.ts";

let data: string;
let product: RunningProduct;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), "postroad-segments-"));
  product = await startProduct(data);
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
  for (const [email, city] of [
    ["ana@example.com", "Bonn"],
    ["bo@example.com", "Berlin"],
    ["cy@example.com", null],
  ])
    await post("/api/contacts", { email, city });
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  rmSync(data, { recursive: true, force: true });
});

/** Asks the API as the person who is signed in. */
async function post(path: string, body: object): Promise<void> {
  const status = await page.evaluate(
    async ([url, text]) => {
      const session: unknown = await (await fetch("/api/session")).json();
      const token = Object(session).csrfToken;
      const headers = { "content-type": "application/json", "x-csrf-token": String(token) };
      return (await fetch(String(url), { method: "POST", headers, body: String(text) })).status;
    },
    [path, JSON.stringify(body)],
  );
  expect(status).toBe(200);
}

/** What axe finds on the page once nothing is being counted any more. */
async function problemsOnceCounted(): Promise<string[]> {
  await page.getByText("Counting again…").waitFor({ state: "detached" });
  return accessibilityProblems(page);
}

test("a segment is built by keyboard, counted while it is built, and says why somebody is not in it", async () => {
  await page.goto(`${product.address}/segments`);
  await page.getByRole("link", { name: "New segment" }).first().click();
  await page.getByRole("textbox", { name: "Name" }).fill("Not in Berlin");
  await page.getByRole("button", { name: "Create segment" }).click();
  await page.getByText("3 contacts").waitFor();
  expect(await problemsOnceCounted()).toEqual([]);

  await page.getByRole("button", { name: "Add rule" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Field or attribute" }).press("Enter");
  await page.getByText("Fill in what is missing.").waitFor();
  await page.getByText("Complete the rules to see who fits.").waitFor();
  await page.getByLabel("City: how").selectOption({ label: "is not" });
  await page.getByLabel("City: text").fill("berlin");
  await page.getByText("2 contacts").waitFor();
  expect(await problemsOnceCounted()).toEqual([]);

  await page.getByLabel("Address of a contact").fill("bo@example.com");
  await page.getByRole("button", { name: "Explain" }).click();
  await page.getByText("bo@example.com is not in.").waitFor();
  await page.getByText("It is “Berlin”.").waitFor();
  await page.getByRole("button", { name: "Save rules" }).click();
  await page.getByText("Segment saved").waitFor();
});

test("the text says where it is wrong, and what is written there is what the builder shows", async () => {
  await page.getByRole("tab", { name: "Text" }).click();
  const editor = page.getByRole("textbox", { name: "Rules as text" });
  await editor.waitFor();
  expect(await editor.textContent()).toBe('city != "berlin"');
  await editor.fill('city = "Bonn" or\ncityy is empty');
  await page.getByText("Line 2, column 1: Contacts have no field cityy. Did you mean city?").waitFor();
  expect(await problemsOnceCounted()).toEqual([]);
  await editor.fill('city = "Bonn" or (city is empty and not clicked(last 30 days))');
  await page.getByText("2 contacts").waitFor();
  await page.getByRole("tab", { name: "Builder" }).click();
  await page.getByRole("group", { name: "did not click any message in the last 30 days" }).waitFor();
  expect(await problemsOnceCounted()).toEqual([]);
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await problemsOnceCounted()).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1440, height: 900 });
  }
  await page.getByRole("button", { name: "Save rules" }).click();
  await page.getByText("Segment saved").first().waitFor();
});

test("its members are listed, kept in a snapshot, and archiving is taken back", async () => {
  await page.getByRole("tab", { name: "Members" }).click();
  await page.getByText("2 members as of").waitFor();
  await page.getByRole("link", { name: "cy@example.com" }).waitFor();
  await page.getByRole("button", { name: "Take a snapshot" }).click();
  await page.getByText("Hand-picked").first().waitFor();
  await page.getByLabel("Addresses").fill("bo@example.com, nobody@example.com");
  await page.getByRole("button", { name: "Add to segment" }).click();
  await page.getByText("1 contact added. Not among the contacts: nobody@example.com").waitFor();
  await page.getByText("3 members as of").waitFor();
  expect(await problemsOnceCounted()).toEqual([]);

  await page.goto(`${product.address}/segments`);
  await page.getByRole("button", { name: "Archive Not in Berlin" }).first().click();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Not in Berlin is back").waitFor();
  expect(await problemsOnceCounted()).toEqual([]);
  expect(complaints).toEqual([]);
});
