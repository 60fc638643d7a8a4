import type { Finding } from "../../kernel/finding.ts";
import { isCountable } from "../../messages/countable-address.ts";
import { asciiDomain } from "../../mime/address.ts";
import type { Rule } from "../rule.ts";

const shorteners = new Set(
  "bit.ly tinyurl.com goo.gl t.co ow.ly is.gd buff.ly rebrand.ly cutt.ly shorturl.at rb.gy tiny.cc s.id lnkd.in".split(
    " ",
  ),
);

/** Links go somewhere, over https, and show where. */
export const linksTrustworthy: Rule = (_, view) => {
  const findings: Finding[] = [];
  for (const tag of view.tags) {
    const href = tag.name === "a" || tag.name === "area" ? view.attribute(tag, "href") : undefined;
    if (!href || tag.isClosing) continue;
    const url = (view.value(tag, "href") ?? "").trim();
    const where = view.placeInHtml(href.start);
    if (url === "" || url === "#") {
      findings.push({
        code: "link.empty",
        severity: "warning",
        message: "A link leads nowhere.",
        why: "People who click it think that the message is broken.",
        fix: "Give it an address, or remove it.",
        where,
      });
    } else if (isThisMachine(hostOf(url))) {
      findings.push({
        code: "link.this-machine-only",
        severity: "warning",
        message: `The link to ${hostOf(url)} works on this machine only.`,
        why: "That is right for trying things out with the test mailbox; anybody else who clicks it gets nowhere.",
        fix: "Before mailing others, give this server a public address and use that.",
        where,
      });
    } else if (/^http:\/\//i.test(url)) {
      findings.push({
        code: "link.plain-http",
        severity: "warning",
        message: `The link to ${hostOf(url)} is not encrypted.`,
        why: "Browsers warn of it, and spam filters count it.",
        fix: "Use https.",
        where,
        repair: {
          label: "Use https",
          field: "html",
          from: href.valueStart,
          to: href.valueStart + "http".length,
          insert: "https",
        },
      });
    }
    if (!href.isDynamic && /^https?:/i.test(url) && !hasHost(url)) {
      findings.push({
        code: "link.invalid",
        severity: "error",
        message: `“${url.slice(0, 80)}” is no valid web address.`,
        why: "The link would lead nowhere.",
        fix: "Correct the address; a user name in it is not allowed.",
        where,
      });
    }
    if (shorteners.has(hostOf(url))) {
      findings.push({
        code: "link.shortener",
        severity: "warning",
        message: `${hostOf(url)} hides where the link leads.`,
        why: "Spam filters block shortened links, because spam uses them.",
        fix: "Use the full address.",
        where,
      });
    }
  }
  return findings;
};

function hasHost(url: string): boolean {
  const host = hostOf(url);
  const isNumeric = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);
  return isCountable(url) && (isNumeric || asciiDomain(host.replaceAll("_", "a")) !== undefined);
}

function isThisMachine(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function hostOf(url: string): string {
  return (/^https?:\/\/([^/?#:\s]+)/i.exec(url)?.[1] ?? "").toLowerCase();
}
