import { createHmac } from "node:crypto";
import { isIP } from "node:net";
import { fail, ok, type Result } from "#core/kernel/result.ts";
import type { Capabilities } from "#core/smtp/capabilities.ts";
import { demand, type RoadProblem, type SmtpTarget } from "./road.ts";
import type { Wire } from "./wire.ts";

const mechanisms = ["PLAIN", "LOGIN", "CRAM-MD5"] as const;
type Mechanism = (typeof mechanisms)[number];

/**
 * Signs in (RFC 4954) by PLAIN, LOGIN or CRAM-MD5. Through clear text only CRAM-MD5, which does not show the
 * password, unless the server is on this very machine.
 */
export async function authenticate(
  wire: Wire,
  target: SmtpTarget,
  capabilities: Capabilities,
  timeoutMs: number,
): Promise<Result<true, RoadProblem>> {
  const { credentials } = target;
  if (!credentials) return ok(true);
  const isShielded = target.tls !== "none" || isLoopback(target.host);
  const mechanism = mechanisms.find(
    (name) => capabilities.auth.includes(name) && (isShielded || name === "CRAM-MD5"),
  );
  if (!mechanism) {
    const offered = capabilities.auth.join(", ") || "none";
    const message = isShielded
      ? `None of ${mechanisms.join(", ")} is offered (offered: ${offered}).`
      : `A password must not be sent in clear text: choose TLS for this route (offered: ${offered}).`;
    return fail({ phase: "auth", message, reply: null });
  }
  const ask = async (line: string) => {
    wire.write([`${line}\r\n`], 1);
    return wire.answer(timeoutMs);
  };
  for (const line of await linesOf(mechanism, credentials, ask)) {
    const next = demand(line.answer, line.isLast ? 2 : 3, "auth");
    if (!next.ok) return next;
  }
  return ok(true);
}

type Ask = (line: string) => Promise<Awaited<ReturnType<Wire["answer"]>>>;
type Step = { readonly answer: Awaited<ReturnType<Ask>>; readonly isLast: boolean };

/** Goes through the mechanism's steps until the server does not ask for more. */
async function linesOf(
  mechanism: Mechanism,
  { username, password }: { username: string; password: string },
  ask: Ask,
): Promise<Step[]> {
  const challengeOf = (step: Step) =>
    "code" in step.answer && step.answer.code === 334
      ? Buffer.from(step.answer.lines[0] ?? "", "base64")
      : undefined;
  switch (mechanism) {
    case "PLAIN":
      return [{ answer: await ask(`AUTH PLAIN ${encode(`\0${username}\0${password}`)}`), isLast: true }];
    case "LOGIN": {
      const first: Step = { answer: await ask("AUTH LOGIN"), isLast: false };
      if (!challengeOf(first)) return [first];
      const second: Step = { answer: await ask(encode(username)), isLast: false };
      if (!challengeOf(second)) return [first, second];
      return [first, second, { answer: await ask(encode(password)), isLast: true }];
    }
    case "CRAM-MD5": {
      const first: Step = { answer: await ask("AUTH CRAM-MD5"), isLast: false };
      const challenge = challengeOf(first);
      if (!challenge) return [first];
      const digest = createHmac("md5", password).update(challenge).digest("hex");
      return [first, { answer: await ask(encode(`${username} ${digest}`)), isLast: true }];
    }
  }
}

function encode(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1") return true;
  return isIP(host) === 4 && host.startsWith("127.");
}
