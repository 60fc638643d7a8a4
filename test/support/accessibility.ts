import axe from "axe-core";
import type { Page } from "playwright-core";
import { z } from "zod";

const results = z.object({
  violations: z.array(
    z.object({ id: z.string(), help: z.string(), nodes: z.array(z.object({ html: z.string() })) }),
  ),
});

const allRules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds wrong with the page as it is now, by WCAG 2.2 level AA or one rule: one line per broken rule. */
export async function accessibilityProblems(page: Page, rule?: string): Promise<string[]> {
  // A scheme that has just changed is taken on in the next frames, and fades in.
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  await page.waitForFunction(isStill);
  // Through the debugger, so that the page's own policy against foreign scripts stays in force.
  await page.evaluate(axe.source);
  const found: unknown = await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(rule ? [rule] : allRules)} }).then(({ violations }) => ({ violations }))`,
  );
  return results
    .parse(found)
    .violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

/** Runs in the page: nothing moves but what always does. */
function isStill(): boolean {
  return document
    .getAnimations()
    .every(({ effect }) => effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY);
}
