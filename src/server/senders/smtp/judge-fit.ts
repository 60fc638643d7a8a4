import type { Capabilities } from "#core/smtp/capabilities.ts";
import type { Outcome } from "#core/smtp/outcome.ts";
import type { Envelope } from "./envelope.ts";

type Candidate = { readonly envelope: Envelope; readonly sizeBytes: number };

/** What we know ourselves that this server would refuse. */
export function judgeFit(
  { size, smtpUtf8 }: Capabilities,
  { envelope, sizeBytes }: Candidate,
): Outcome | undefined {
  if (envelope.needsUtf8 && !smtpUtf8)
    return {
      kind: "refused",
      phase: "rcpt",
      reply: null,
      message: "5.6.7 The address has letters before the @ that this route cannot carry (no SMTPUTF8).",
    };
  if (size !== null && size > 0 && sizeBytes > size)
    return {
      kind: "refused",
      phase: "mail",
      reply: null,
      message: `5.3.4 The message has ${sizeBytes} bytes; this route carries at most ${size}.`,
      isTooLarge: true,
    };
  return undefined;
}
