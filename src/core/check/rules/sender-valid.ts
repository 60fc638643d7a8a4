import type { Finding } from "../../kernel/finding.ts";
import { headerAddress } from "../../mime/address.ts";
import { isFreeMail } from "../../senders/free-mail-domains.ts";
import type { MessageFacts } from "../facts.ts";
import type { Rule } from "../rule.ts";

/**
 * The sender's name and address are there, valid, and of a domain that may be sent from. Where they are personalised,
 * each recipient's is checked when the message is made for it.
 */
export const senderValid: Rule = (facts) => {
  const { source, contentSettings } = facts;
  const name = source.fromName || contentSettings?.fromName || "";
  const address = source.fromAddress || contentSettings?.fromAddress || "";
  const replyTo = source.replyTo || contentSettings?.replyTo || "";
  const findings: Finding[] = [];
  if (name.trim() === "") {
    findings.push(
      problem(
        "sender.name-missing",
        "fromName",
        "The sender has no name.",
        "People decide by the sender's name whether to open.",
        "Write a name here or in the content settings.",
      ),
    );
  }
  if (address.trim() === "") {
    findings.push(
      problem(
        "sender.address-missing",
        "fromAddress",
        "The sender has no address.",
        "Mail cannot be sent without one.",
        "Write an address here or in the content settings.",
      ),
    );
  } else findings.push(...addressProblems(address, facts));
  if (replyTo !== "" && !isTemplate(replyTo) && headerAddress(replyTo) === undefined) {
    findings.push(
      problem(
        "sender.reply-to-invalid",
        "replyTo",
        `“${replyTo}” is no valid address for replies.`,
        "Answers would be lost.",
        "Write one plain address, such as hello@example.com.",
      ),
    );
  }
  return findings;
};

function addressProblems(address: string, { permittedDomains }: MessageFacts): Finding[] {
  if (isTemplate(address)) return [];
  const written = headerAddress(address);
  if (written === undefined) {
    return [
      problem(
        "sender.address-invalid",
        "fromAddress",
        `“${address}” is no valid sender address.`,
        "Mail cannot be sent from it.",
        "Write one plain address, such as news@example.com.",
      ),
    ];
  }
  const domain = written.slice(written.lastIndexOf("@") + 1);
  // Also with the test mailbox: what is refused everywhere should not be got used to.
  if (isFreeMail(domain))
    return [
      problem(
        "sender.free-mail",
        "fromAddress",
        `Mail may not be sent from ${domain}.`,
        "It belongs to a mailbox provider that lets nobody else send in its name: such mail is refused.",
        "Use an address at a domain of your own, and the other one as the address for replies.",
      ),
    ];
  if (permittedDomains === null || permittedDomains.some((permitted) => permitted.toLowerCase() === domain))
    return [];
  return [
    problem(
      "sender.domain-not-permitted",
      "fromAddress",
      `Mail may not be sent from ${domain}.`,
      "It is none of the sending domains, so mailbox providers would reject it as forged.",
      permittedDomains.length > 0
        ? `Use an address at ${permittedDomains.slice(0, 3).join(" or ")}, or add ${domain} to the sending domains.`
        : `Add ${domain} to the sending domains.`,
    ),
  ];
}

function isTemplate(text: string): boolean {
  return /\{[{%]/.test(text);
}

function problem(code: string, field: string, message: string, why: string, fix: string): Finding {
  return { code, severity: "error", message, why, fix, where: { field } };
}
