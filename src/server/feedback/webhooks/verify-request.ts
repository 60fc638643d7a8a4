import { createHmac, createPublicKey, createVerify, type KeyObject, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { fail, ok, type Result } from "#core/kernel/result.ts";

/** What came in: the body as it is, and the headers that may prove who sent it. */
export type WebhookRequest = {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
};

const minute = 60 * 1000;
const day = 24 * 60 * minute;

/** Says whether a time, in seconds, is believed. */
function isBelieved(seconds: number, now: Date, past: number): boolean {
  const age = now.getTime() - seconds * 1000;
  return age < past && age > -15 * minute;
}

/** The public key that SendGrid shows: base64 of its DER form; undefined if it is none, or none of P-256. */
export function readSendGridKey(text: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(text.trim(), "base64"), format: "der", type: "spki" });
    return key.asymmetricKeyDetails?.namedCurve === "prime256v1" ? key : undefined;
  } catch {
    return undefined;
  }
}

/** [D90] SendGrid signs its time and the body with ECDSA. Retries go on for days, and an event counts once anyway. */
export function verifySendGrid(
  { body, headers }: WebhookRequest,
  key: string,
  now: Date,
): Result<Buffer, string> {
  const signature = headers["x-twilio-email-event-webhook-signature"];
  const time = headers["x-twilio-email-event-webhook-timestamp"];
  const publicKey = readSendGridKey(key);
  if (typeof signature !== "string" || typeof time !== "string" || !publicKey)
    return fail("It is not signed: switch Signed Event Webhook on at SendGrid.");
  const verifier = createVerify("SHA256").update(time).update(body);
  if (!verifier.verify(publicKey, signature, "base64")) return fail("The signature is wrong.");
  return isBelieved(Number(time), now, 30 * day) ? ok(body) : fail("Its time is too long ago, or to come.");
}

const mailgunSignature = z.object({
  signature: z.object({
    timestamp: z.union([z.string(), z.number()]).transform(String),
    token: z.string().min(1).max(200),
    signature: z.string(),
    "parent-signature": z.string().optional(),
  }),
});

/**
 * [D90] Mailgun signs its time and a token, not the body: so each token is taken once, which is for `spendToken`, and its time is
 * believed for a day, which is longer than Mailgun tries.
 */
export function verifyMailgun(
  payload: unknown,
  key: string,
  now: Date,
): Result<{ readonly token: string }, string> {
  const read = mailgunSignature.safeParse(payload);
  if (!read.success) return fail("It is not signed.");
  const { timestamp, token, signature, "parent-signature": ofParent } = read.data.signature;
  const expected = createHmac("sha256", key).update(`${timestamp}${token}`).digest("hex");
  const isSigned = [signature, ofParent].some((given) => given !== undefined && isSame(given, expected));
  if (!isSigned) return fail("The signature is wrong.");
  return isBelieved(Number(timestamp), now, day)
    ? ok({ token })
    : fail("Its time is too long ago, or to come.");
}

/** [D90] Postmark offers no signature: the secret in the address is the proof, and user and password where they are set. */
export function verifyPostmark(
  { body, headers }: WebhookRequest,
  key: string | undefined,
): Result<Buffer, string> {
  if (key === undefined) return ok(body);
  return isSame(String(headers.authorization), `Basic ${Buffer.from(key).toString("base64")}`)
    ? ok(body)
    : fail("User name or password are missing or wrong.");
}

/** Compares in a time that says nothing about where they differ. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
