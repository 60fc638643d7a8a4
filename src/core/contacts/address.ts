import { fail, ok, type Result } from "../kernel/result.ts";

/** An address as it is stored: what mail is sent to, and the key that makes two spellings the same address. */
export type Address = { readonly email: string; readonly key: string };

/** Turns an internationalised domain into its ASCII form, or "" if it is none: `domainToASCII` of node:url. */
export type DomainToAscii = (domain: string) => string;

const limits = { address: 254, local: 64, domain: 253, label: 63 } as const;

/** RFC 5322 3.2.3 atext in ASCII; RFC 6531 3.3 adds everything beyond ASCII. */
const plainLocal = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(?:\.[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*$/;
const wideLocal =
  /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~\u0080-\u{10ffff}]+(?:\.[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~\u0080-\u{10ffff}]+)*$/u;
const asciiDomain =
  /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+$/;
const unseen = /[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/u;
const isAscii = /^[\x21-\x7e]*$/;

/** The usual case, decided by one look: a short ASCII address with a plain local part and domain. */
const usual =
  /^[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*(?:\.[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*)*\.[A-Za-z]{2,24}$/;

/** Octets of UTF-8, which is what the limits of SMTP count. */
function octets(text: string): number {
  let count = 0;
  for (const sign of text) {
    const code = sign.codePointAt(0) ?? 0;
    count += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return count;
}

/**
 * Reads an email address as people write it: trimmed, its domain in ASCII (RFC 5891), its local part untouched in
 * `email` and without regard to case in `key`. The local part may be internationalised (RFC 6531). Limits in octets
 * are those of RFC 5321 4.5.3.1. Quoted local parts and address literals are refused: hardly any mailbox has one,
 * and each is a way to smuggle something into a header. The error is a sentence for the person who typed it.
 */
export function readAddress(input: string, domainToAscii: DomainToAscii): Result<Address, string> {
  const text = input.trim();
  if (text.length <= limits.local && usual.test(text)) return ok({ email: text, key: text.toLowerCase() });
  return readUnusual(text.normalize("NFC"), domainToAscii);
}

function readUnusual(text: string, domainToAscii: DomainToAscii): Result<Address, string> {
  if (text === "") return fail("The address is empty.");
  if (text.length > 1000) return fail("The address is too long.");
  const at = text.lastIndexOf("@");
  if (at < 0) return fail("The address has no @.");
  const local = text.slice(0, at);
  const givenDomain = text.slice(at + 1);
  if (local === "") return fail("There is nothing before the @.");
  if (givenDomain === "") return fail("There is nothing after the @.");
  if (unseen.test(text)) return fail("The address has a space or an invisible character in it.");
  if (!(isAscii.test(local) ? plainLocal : wideLocal).test(local))
    return fail("The part before the @ has a character or a dot where none is allowed.");
  if (octets(local) > limits.local)
    return fail(`The part before the @ is longer than ${limits.local} octets.`);
  const domain = isAscii.test(givenDomain) ? givenDomain : domainToAscii(givenDomain);
  if (!asciiDomain.test(domain) || /\.[0-9]+$/.test(domain))
    return fail("The part after the @ is not a domain that mail can be sent to.");
  if (domain.length > limits.domain || domain.split(".").some((label) => label.length > limits.label))
    return fail("The part after the @ is too long.");
  if (octets(local) + 1 + domain.length > limits.address) return fail("The address is too long.");
  return ok({
    email: `${local}@${domain}`,
    key: `${local.toLowerCase().normalize("NFC")}@${domain.toLowerCase()}`,
  });
}
