import { fail, ok, type Result } from "#core/kernel/result.ts";
import type { Phase } from "#core/smtp/outcome.ts";
import { describeReply, type Reply } from "#core/smtp/reply-parser.ts";
import type { Timeouts } from "./timeouts.ts";
import type { Answer } from "./wire.ts";

/** Where a connection goes and how. */
export type SmtpTarget = {
  readonly host: string;
  readonly port: number;
  readonly tls: "none" | "starttls" | "starttls-required" | "implicit";
  readonly credentials: { readonly username: string; readonly password: string } | null;
  /** PEM of an authority to trust besides the usual ones, for a relay with a private certificate. */
  readonly trustedCertificate?: string | null;
  /** What we call ourselves in EHLO: a domain or an address literal. */
  readonly helloName: string;
  readonly timeouts?: Timeouts;
};

/** Why a connection could not be made ready. It is the road's trouble, never a recipient's. */
export type RoadProblem = { readonly phase: Phase; readonly message: string; readonly reply: Reply | null };

/** Says whether the certificate must be good for this target. */
export function mustVerify(target: Pick<SmtpTarget, "tls" | "credentials">): boolean {
  return target.tls !== "starttls" || target.credentials !== null;
}

/** Turns any answer but one of the expected class into trouble of the road. */
export function demand(answer: Answer, kind: 2 | 3, phase: Phase): Result<Reply, RoadProblem> {
  if ("code" in answer && Math.floor(answer.code / 100) === kind) return ok(answer);
  return troubled(answer, phase);
}

/** What an answer that does not let us go on means for the road. */
export function troubled(answer: Answer, phase: Phase): { ok: false; error: RoadProblem } {
  return "code" in answer
    ? fail({ phase, message: `The server answered: ${describeReply(answer)}`, reply: answer })
    : fail({ phase, message: answer.broken, reply: answer.reply ?? null });
}
