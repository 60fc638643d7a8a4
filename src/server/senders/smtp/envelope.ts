import { domainToASCII } from "node:url";
import { fail, ok, type Result } from "#core/kernel/result.ts";

/** Two addresses that can be put between angle brackets as they are. Made only by `makeEnvelope`. */
export type Envelope = {
  readonly from: string;
  readonly to: string;
  /** A local part is not ASCII: both the server and the command must speak SMTPUTF8 (RFC 6531). */
  readonly needsUtf8: boolean;
};

const localPartOctets = 64;
const domainOctets = 255;
const pathOctets = 254;

/**
 * Checks sender and recipient for the wire and turns international domains into A-labels. Nothing that could end the
 * address or the command line passes: no control character, space, quote, angle bracket or backslash (RFC 5321,
 * sections 4.1.2 and 4.5.3.1). Quoted local parts are refused rather than carried.
 */
export function makeEnvelope(
  from: string,
  to: string,
): Result<Envelope, { readonly which: "from" | "to"; readonly message: string }> {
  const sender = wireAddress(from);
  if (!sender.ok) return fail({ which: "from", message: sender.error });
  const recipient = wireAddress(to);
  if (!recipient.ok) return fail({ which: "to", message: recipient.error });
  return ok({
    from: sender.value,
    to: recipient.value,
    needsUtf8: !isAscii(sender.value) || !isAscii(recipient.value),
  });
}

function wireAddress(address: string): Result<string, string> {
  const at = address.lastIndexOf("@");
  const local = address.slice(0, at);
  if (at < 1) return fail("The address has no @.");
  if (!/^[^\s\p{C}"(),:;<>@[\\\]]+$/u.test(local) || /^\.|\.$|\.\./.test(local))
    return fail("The part before the @ cannot be used.");
  if (Buffer.byteLength(local) > localPartOctets)
    return fail("The part before the @ is longer than 64 bytes.");
  const domain = wireDomain(address.slice(at + 1));
  if (domain === undefined) return fail("The domain cannot be used.");
  if (Buffer.byteLength(local) + 1 + domain.length > pathOctets)
    return fail("The address is longer than 254 bytes.");
  return ok(`${local}@${domain}`);
}

/** Answers by domain as written: most recipients share a few. Bounded, so that addresses from outside cannot fill the memory. */
const knownDomains = new Map<string, string | undefined>();
const keptDomains = 5000;

/** A domain in A-labels; undefined if it cannot be used. */
function wireDomain(named: string): string | undefined {
  if (knownDomains.has(named)) return knownDomains.get(named);
  // The URL parser behind domainToASCII drops line ends and decodes percent signs, so they must not reach it.
  const domain = /^[\p{L}\p{M}\p{N}.-]+$/u.test(named) ? domainToASCII(named) : "";
  const isUsable =
    /^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/i.test(domain) &&
    domain.length <= domainOctets;
  if (knownDomains.size >= keptDomains) knownDomains.clear();
  knownDomains.set(named, isUsable ? domain : undefined);
  return isUsable ? domain : undefined;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}
