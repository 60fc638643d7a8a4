import { createVerify, X509Certificate } from "node:crypto";
import { z } from "zod";
import { fail, ok, type Result } from "#core/kernel/result.ts";

/** Fetches a page of Amazon; throws where it cannot be had. */
export type FetchPage = (url: string) => Promise<string>;

const snsMessage = z.object({
  Type: z.enum(["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]),
  MessageId: z.string(),
  TopicArn: z.string(),
  Subject: z.string().optional(),
  Message: z.string(),
  Timestamp: z.string(),
  SignatureVersion: z.enum(["1", "2"]),
  Signature: z.string(),
  SigningCertURL: z.string(),
  SubscribeURL: z.string().optional(),
  Token: z.string().optional(),
});
export type SnsMessage = z.output<typeof snsMessage>;

const keptMilliseconds = 24 * 60 * 60 * 1000;
const mostKept = 20;
const believedPast = 30 * 24 * 60 * 60 * 1000;
const believedFuture = 15 * 60 * 1000;

/** [D91] Only Amazon's own servers for notifications are ever asked, by HTTPS, without a port or a name to sign in. */
export function isSnsAddress(address: string, region: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return (
    url !== undefined &&
    /^[a-z0-9-]+$/.test(region) &&
    url.protocol === "https:" &&
    url.host === `sns.${region}.amazonaws.com` &&
    url.username === "" &&
    url.password === "" &&
    !address.includes("@")
  );
}

/** The region that a topic belongs to. */
export const regionOf = (topicArn: string) => topicArn.split(":")[3] ?? "";

/** Holds the certificates of Amazon, fetched once a day. */
export function createSnsVerifier(fetchPage: FetchPage) {
  const kept = new Map<string, { certificate: X509Certificate; until: number }>();

  async function certificateAt(url: string, now: number): Promise<X509Certificate> {
    const known = kept.get(url);
    if (known && known.until > now) return known.certificate;
    const certificate = new X509Certificate(await fetchPage(url));
    if (kept.size >= mostKept) kept.clear();
    kept.set(url, { certificate, until: now + keptMilliseconds });
    return certificate;
  }

  /**
   * [D91] Reads a message of Amazon SNS that is meant for a topic and signed by Amazon. Throws where the certificate cannot be
   * fetched: then nobody knows, and it is asked for again.
   */
  return async function verify(
    payload: unknown,
    topicArn: string,
    now: Date,
  ): Promise<Result<SnsMessage, string>> {
    const read = snsMessage.safeParse(payload);
    if (!read.success) return fail("It is no signed message of Amazon SNS.");
    const message = read.data;
    if (message.TopicArn !== topicArn) return fail(`It comes from another topic: ${message.TopicArn}`);
    const age = now.getTime() - Date.parse(message.Timestamp);
    if (!(age < believedPast && age > -believedFuture)) return fail("Its time is too long ago, or to come.");
    const { SigningCertURL: url } = message;
    if (!isSnsAddress(url, regionOf(topicArn)) || !new URL(url).pathname.endsWith(".pem"))
      return fail("Its certificate does not lie at Amazon SNS.");
    const certificate = await certificateAt(url, now.getTime());
    const isValidNow =
      now.getTime() >= Date.parse(certificate.validFrom) && now.getTime() <= Date.parse(certificate.validTo);
    if (!isValidNow) return fail("The certificate of its signature is not valid now.");
    const verifier = createVerify(message.SignatureVersion === "1" ? "RSA-SHA1" : "RSA-SHA256");
    verifier.update(signedText(message));
    return verifier.verify(certificate.publicKey, message.Signature, "base64")
      ? ok(message)
      : fail("The signature is wrong.");
  };
}

/** What Amazon signs: names and values of some fields, in the order of their names, each on a line. */
export function signedText(
  message: Omit<SnsMessage, "Signature" | "SignatureVersion" | "SigningCertURL">,
): string {
  const names =
    message.Type === "Notification"
      ? (["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"] as const)
      : (["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"] as const);
  return names
    .flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`]))
    .join("");
}

const patienceMilliseconds = 10_000;
const largestPage = 100_000;

/** Fetches by HTTPS, follows nobody anywhere, and reads no more than a certificate needs. */
export async function fetchPage(url: string): Promise<string> {
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(patienceMilliseconds) });
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`);
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > largestPage) throw new Error(`${new URL(url).host} answered with too much`);
  }
  return text;
}
