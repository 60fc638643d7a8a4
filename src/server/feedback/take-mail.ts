import { readFeedback } from "#core/delivery/feedback/read-feedback.ts";
import { headerOf } from "#core/delivery/feedback/received-mail.ts";
import { readMail } from "./read-mail.ts";
import { type FeedbackDeps, recordFeedback } from "./record-feedback.ts";
import { reportKey } from "./report-key.ts";

/** The largest mail that is read. */
export const largestMail = 20 * 1024 * 1024;

/** A mail that came back, as it is. */
export type CameBack = {
  readonly raw: Buffer;
  /** Who it was for by the envelope; empty where only the mail itself is known. */
  readonly recipients: readonly string[];
  readonly sender: string;
  readonly way: "smtp" | "imap";
};

/** [D47] Reads a mail that came back and commits all that follows from it. The same mail again, by whatever way, changes nothing. */
export async function takeMail(
  deps: FeedbackDeps,
  { raw, recipients, sender, way }: CameBack,
): Promise<void> {
  const { mac } = deps.tracking.keys;
  const mail = await readMail(raw, recipients);
  const { deliveryId, meaning } = readFeedback(mail, mac);
  const key = reportKey(raw, headerOf(mail, "message-id"), deliveryId);
  const subject = headerOf(mail, "subject");
  const from = sender || headerOf(mail, "return-path").replace(/^<|>$/g, "");
  await deps.platform.db.transaction((tx) =>
    recordFeedback(deps, tx, [{ key, way, deliveryId, meaning, sender: from, subject, source: raw }]),
  );
}
