import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accessibilityProblems } from "#test/accessibility.ts";
import { launchBrowser } from "#test/browser.ts";
import { type RunningProduct, startProduct } from "#test/running-product.ts";

let data: string;
let product: RunningProduct;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), "postroad-web-"));
  product = await startProduct(data);
  browser = await launchBrowser();
  context = await browser.newContext({ reducedMotion: "reduce", viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  await page.goto(product.ownerLink ?? "");
  await page.getByLabel("Your name").fill("Olga Owner");
  await page.getByLabel("Email").fill("olga@postroad.test");
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery staple");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "Hello, Olga" }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  rmSync(data, { recursive: true, force: true });
});

const open = (path: string) => page.goto(new URL(path, product.address).href);

test("a new workspace is led to say who it is, and the step is done once the postal address is there", async () => {
  await page.getByRole("link", { name: "Fill in content settings" }).click();
  await page.getByRole("link", { name: "Default" }).click();
  await page.getByLabel("Postal address").fill("Road 1\n28001 Madrid");
  await page.getByLabel("Website").fill("no address");
  await page.getByRole("button", { name: "Save content settings" }).click();
  await expect.poll(() => page.getByLabel("Website").getAttribute("aria-invalid")).toBe("true");

  await page.getByLabel("Website").fill("https://example.org");
  await page.getByRole("button", { name: "Save content settings" }).click();
  await page.getByText("Content settings saved").waitFor();
  await page.getByRole("link", { name: "Home" }).click();
  await page.getByText("Say who you are, done").waitFor();
});

test("people are imported from a file: columns guessed, consent recorded, bad rows kept for correction", async () => {
  await open("/settings/topics");
  await page.getByRole("button", { name: "New topic" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Monthly letter");
  await page.getByRole("button", { name: "Add topic" }).click();
  await page.getByText("Topic added").waitFor();

  await open("/contacts/imports/new");
  await page.getByLabel("CSV file").setInputFiles({
    name: "people.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(
      "Email;First name;City;Points\nana@example.org;Ana;Bonn;12\nnobody;Bo;Oslo;3\ncy@example.org;Cy;Rome;7\n",
    ),
  });
  await page.getByRole("heading", { name: "people.csv" }).waitFor();
  await expect
    .poll(() => page.getByRole("combobox", { name: "What becomes of Email" }).inputValue())
    .toBe("Email address");
  await page.getByRole("checkbox", { name: /agreed to receive/ }).check();
  await page.getByLabel("How it was given").fill("Form at the fair");
  await page.getByRole("heading", { name: "Options" }).click();
  await page.getByRole("button", { name: "Start the import" }).click();
  await page.getByRole("heading", { name: "Done" }).waitFor();
  await page.getByText("1 row could not be taken over", { exact: false }).waitFor();

  await page.getByRole("link", { name: "See contacts" }).click();
  await page.getByText("2 contacts", { exact: true }).first().waitFor();
  await page.getByRole("searchbox").fill("an");
  await page.getByText("1 matching contact").waitFor();
  await page.getByRole("link", { name: "ana@example.org" }).click();
  await page.getByRole("tab", { name: "Consent" }).click();
  await page.getByRole("cell", { name: "Agreed", exact: true }).waitFor();
  await page.getByRole("cell", { name: "Form at the fair" }).waitFor();
});

test("unsaved changes are asked about before they are lost", async () => {
  await page.getByRole("tab", { name: "Profile" }).click();
  await page.getByLabel("City").fill("Berlin");
  await page.getByRole("navigation").getByRole("link", { name: "Settings" }).click();
  await page.getByRole("heading", { name: "Leave without saving?" }).waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Save contact" }).click();
  await page.getByText("Contact saved").waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Settings" }).click();
  await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
});

test("anywhere can be reached by keyboard alone", async () => {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Go to" }).waitFor();
  await page.keyboard.type("api");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "API keys" }).waitFor();
});

test("all sending is stopped and let go on by one switch, and every page says so meanwhile", async () => {
  await open("/settings/sending");
  await page.getByRole("button", { name: "Stop all sending" }).click();
  await page.getByText("All sending is stopped by", { exact: false }).waitFor();
  await page.getByRole("button", { name: "Let sending go on" }).click();
  await page.getByRole("button", { name: "Let it go on" }).click();
  await page.getByRole("button", { name: "Stop all sending" }).waitFor();
});

test("while the server cannot be reached the page says so, and is right again by itself", async () => {
  await open("/contacts");
  await page.getByRole("link", { name: "ana@example.org" }).waitFor();
  await context.route("**/api/**", (route) => route.abort());
  await page.getByRole("searchbox").fill("cy");
  await page.getByText("The server cannot be reached right now.").waitFor();
  await context.unroute("**/api/**");
  await page.getByText("The server cannot be reached right now.").waitFor({ state: "detached" });
});

const pages = [
  "/",
  "/account",
  "/contacts",
  "/contacts/new",
  "/contacts/cnt_1",
  "/contacts/cnt_1?tab=timeline",
  "/contacts/cnt_1?tab=consent",
  "/contacts/imports",
  "/contacts/imports/new",
  "/contacts/imports/imp_1",
  "/settings",
  "/settings/content",
  "/settings/content/cst_1",
  "/settings/content/new",
  "/settings/sending",
  "/settings/sending/in-doubt",
  "/settings/topics",
  "/settings/attributes",
  "/settings/suppressions",
  "/settings/users",
  "/settings/api-keys",
  "/settings/audit-log",
  "/there-is-no-such-page",
];

test.each([
  { colorScheme: "light", width: 1440 },
  { colorScheme: "dark", width: 390 },
] as const)(
  "every page is accessible and fits, $colorScheme at $width pixels",
  async ({ colorScheme, width }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 844 });
    const problems: string[] = [];
    for (const path of pages) {
      await open(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForLoadState("networkidle");
      problems.push(...(await accessibilityProblems(page)).map((problem) => `${path}: ${problem}`));
      if (await page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
        problems.push(`${path}: wider than the window`);
    }
    expect(problems).toEqual([]);
  },
);
