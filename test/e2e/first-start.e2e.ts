import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "#test/browser.ts";
import { type RunningProduct, startProduct } from "#test/running-product.ts";

let data: string;
let product: RunningProduct;
let browser: Browser;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), "postroad-first-"));
  product = await startProduct(data);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  rmSync(data, { recursive: true, force: true });
});

test("the link that the first start prints makes the owner account, once, under the app's own content policy", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && /Content Security Policy/.test(message.text()))
      complaints.push(message.text());
  });
  await page.goto(product.ownerLink ?? "");
  await page.getByLabel(/name/i).first().fill("Olga Owner");
  await page.getByLabel(/email/i).first().fill("olga@postroad.test");
  await page
    .getByLabel(/password/i)
    .first()
    .fill("correct horse battery staple");
  await page.keyboard.press("Enter");
  await page.getByRole("navigation").first().waitFor();
  expect(complaints).toEqual([]);

  const token = new URL(product.ownerLink ?? "").hash.slice(1);
  const again = await fetch(`${product.address}/api/setup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      token,
      email: "eve@postroad.test",
      name: "Eve",
      password: "another long password",
    }),
  });
  expect(again.status).toBe(410);
  await context.close();
});
