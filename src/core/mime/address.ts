import { encodedWords } from "./encoded-word.ts";
import { foldedHeader } from "./headers.ts";
import { punycode } from "./punycode.ts";

const atom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/** What nearly all domains are: labels in small letters and digits, of which the last begins with a letter. */
const plainDomain = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const domainLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * Brings an address into the form in which it may stand in a header or an SMTP command: the local part a plain
 * dot-atom of at most 64 octets, the domain in ASCII (A-labels) and at most 255. Undefined for anything else: quoted
 * local parts, comments, address literals and local parts beyond ASCII are refused rather than guessed at.
 */
export function headerAddress(address: string): string | undefined {
  const text = address.trim();
  const at = text.lastIndexOf("@");
  const local = text.slice(0, at);
  if (at < 1 || local.length > 64 || !atom.test(local)) return undefined;
  const domain = asciiDomain(text.slice(at + 1));
  if (domain === undefined || local.length + domain.length > 253) return undefined;
  return `${local}@${domain}`;
}

/** A domain in A-labels and lower case; undefined if it is none, or has only one label. */
export function asciiDomain(domain: string): string | undefined {
  if (domain.length <= 253 && plainDomain.test(domain)) return domain;
  const labels = domain
    .normalize("NFC")
    .toLowerCase()
    .split(/[.\u3002\uff0e\uff61]/);
  const ascii: string[] = [];
  for (const label of labels) {
    const written = /^[\x20-\x7e]*$/.test(label) ? label : encodedLabel(label);
    if (written === undefined || !domainLabel.test(written)) return undefined;
    ascii.push(written);
  }
  const whole = ascii.join(".");
  const hasName = ascii.length > 1 && !/^\d+$/.test(ascii.at(-1) ?? "");
  return (hasName || whole === "localhost") && whole.length <= 253 ? whole : undefined;
}

function encodedLabel(label: string): string | undefined {
  if (!/^[\p{L}\p{M}\p{N}\u00b7-]+$/u.test(label)) return undefined;
  const code = punycode(label);
  return code === undefined ? undefined : `xn--${code}`;
}

/**
 * Writes a header with one mailbox, such as From or To (RFC 5322, 3.4), CRLF included. The name is quoted or encoded as
 * it needs; the address must come from `headerAddress`.
 */
export function mailboxHeader(header: string, name: string, address: string): string {
  return foldedHeader(header, [...phrase(name), name.trim() === "" ? address : `<${address}>`]);
}

/** A display name as words that may be folded. */
function phrase(name: string): string[] {
  const text = name.trim();
  if (text === "") return [];
  if (/^[\w!#$%&'*+/=?^`{|}~ -]{1,60}$/.test(text) && !text.includes("=?") && !/ {2}/.test(text))
    return [text];
  if (/^[\x20-\x7e]{1,60}$/.test(text) && !text.includes("=?"))
    return [`"${text.replace(/["\\]/g, "\\$&")}"`];
  return encodedWords(text);
}
