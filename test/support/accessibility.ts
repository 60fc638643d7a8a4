import axe from "axe-core";
import type { Page } from "playwright-core";
import { z } from "zod";

const results = z.object({
  violations: z.array(
    z.object({ id: z.string(), help: z.string(), nodes: z.array(z.object({ html: z.string() })) }),
  ),
});

/** What axe finds wrong with the page as it is now, by WCAG 2.2 level AA: one line per broken rule. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Through the debugger, so that the page's own policy against foreign scripts stays in force.
  await page.evaluate(axe.source);
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found: unknown = await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(tags)} }).then(({ violations }) => ({ violations }))`,
  );
  return results
    .parse(found)
    .violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" | ")}`);
}
