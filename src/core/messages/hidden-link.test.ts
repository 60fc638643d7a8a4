import { parse } from "parse5";
import { expect, test } from "vitest";
import { compileMessage } from "./compile-message.ts";
import type { RecipientInput } from "./mailing-context.ts";
import { createRenderer } from "./render-message.ts";
import { sampleMailing, sampleRecipient, sampleSource } from "./sample-message.ts";

function htmlOf(
  hiddenLink: boolean | undefined,
  recipient: Partial<RecipientInput> = {},
  trackClicks = true,
) {
  const compiled = compileMessage(
    { ...sampleSource, html: "<html><body><p>Hi</p></body></html>", trackClicks },
    { attributes: [] },
  );
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const message = hiddenLink === undefined ? compiled.value : { ...compiled.value, hiddenLink };
  const made = createRenderer(message, sampleMailing).renderParts(sampleRecipient([], {}, recipient));
  if (!made.ok) throw new Error(made.error.message);
  return made.value.html;
}

test("[T54] a hidden link stands before the beacon, out of sight, of the tab order and of screen readers", () => {
  const html = htmlOf(true);
  const link = /<a href="https:\/\/[^"]+\/c\/[\w-]+\/0"([^>]*)><\/a><img src="[^"]+\.gif"[^>]*><\/body>/.exec(
    html,
  )?.[1];
  expect(link).toContain('tabindex="-1"');
  expect(link).toContain('aria-hidden="true"');
  expect(link).toContain("display:none");
  expect(parse(html).childNodes.length).toBeGreaterThan(0);
});

test("[T54] there is none where it was off, and none for whom no click is tracked", () => {
  const bare = htmlOf(undefined);
  expect(bare).not.toContain("/0");
  expect(htmlOf(false)).toBe(bare);
  expect(htmlOf(true, { trackingConsent: false })).not.toContain("<a ");
  expect(htmlOf(true, {}, false)).not.toContain("<a ");
});
