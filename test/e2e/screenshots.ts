import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchBrowser } from "../support/browser.ts";
import { everyPage } from "../support/every-page.ts";
import { fillWorkspace, startHarbourDns } from "../support/filled-workspace.ts";
import { startProduct } from "../support/running-product.ts";

/**
 * Takes pictures of every page, wide and on a phone, light and dark, for people to look at:
 * `node test/e2e/screenshots.ts <directory>`.
 */
const [directory = "test-results/screenshots"] = process.argv.slice(2);
const data = mkdtempSync(join(tmpdir(), "postroad-screenshots-"));
const dns = await startHarbourDns();
const product = await startProduct(data, { POSTROAD_DNS_SERVERS: dns.address });
const browser = await launchBrowser();
try {
  const workspace = await fillWorkspace(product, dns);
  mkdirSync(directory, { recursive: true });
  const mailbox = ["/", "/messages/1"].map((path) => new URL(path, product.mailbox).href);
  const addresses = [...everyPage(workspace), ...workspace.publicPages, ...mailbox];
  for (const width of [1440, 390] as const) {
    for (const colorScheme of ["light", "dark"] as const) {
      const context = await browser.newContext({
        baseURL: product.address,
        viewport: { width, height: 900 },
        colorScheme,
        reducedMotion: "reduce",
      });
      await context.addCookies([workspace.cookie]);
      const page = await context.newPage();
      for (const address of addresses) {
        await page.goto(address, { waitUntil: "networkidle" });
        const name = address.replace(/^https?:\/\/[^/]+/, "public").replace(/[^\w]+/g, "-") || "-";
        await page.screenshot({
          path: join(directory, `${name}.${width}.${colorScheme}.png`),
          fullPage: true,
        });
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await product.stop();
  await dns.close();
  rmSync(data, { recursive: true, force: true });
}
