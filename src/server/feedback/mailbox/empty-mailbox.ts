import { isDatabaseAway } from "../../platform/index.ts";
import { addTotals } from "../feedback-totals.ts";
import type { FeedbackDeps } from "../record-feedback.ts";
import { largestMail, takeMail } from "../take-mail.ts";
import type { MailboxSettings } from "./mailbox-store.ts";
import type { OpenMailbox } from "./open-mailbox.ts";

const batchSize = 100;

type Sorted = { readonly done: readonly number[]; readonly quarantine: readonly number[] };

/**
 * [D95] Takes in the first mails of the folder, at most a hundred: each is committed, and only then moved away or deleted. What is
 * too large or cannot be recorded is set aside. Whatever breaks off in between is taken in again, which changes nothing.
 * Returns how many left the folder.
 */
export async function takeBatch(
  deps: FeedbackDeps,
  mailbox: OpenMailbox,
  settings: MailboxSettings,
): Promise<number> {
  const count = Math.min(batchSize, mailbox.count());
  if (count === 0) return 0;
  const { client } = mailbox;
  const found: { uid: number; size: number }[] = [];
  for await (const { uid, size = 0 } of client.fetch(`1:${count}`, { uid: true, size: true }))
    found.push({ uid, size });
  const { done, quarantine } = await sortMail(deps, mailbox, found);
  await moveMail(mailbox, done, settings.doneFolder);
  await moveMail(mailbox, quarantine, settings.quarantineFolder);
  await addTotals(deps.platform.db, "imap", [
    { kind: "taken", count: done.length },
    { kind: "quarantined", count: quarantine.length },
  ]);
  return done.length + quarantine.length;
}

async function sortMail(
  deps: FeedbackDeps,
  { client }: OpenMailbox,
  found: readonly { readonly uid: number; readonly size: number }[],
): Promise<Sorted> {
  const done: number[] = [];
  const quarantine: number[] = [];
  for (const { uid, size } of found) {
    if (size > largestMail) {
      quarantine.push(uid);
      continue;
    }
    const message = await client.fetchOne(String(uid), { source: true }, { uid: true });
    if (message === false || !message.source) continue; // somebody else took it away meanwhile
    const isTaken = await take(deps, message.source);
    (isTaken ? done : quarantine).push(uid);
  }
  return { done, quarantine };
}

/** False where this very mail cannot be recorded. Throws while nothing can. */
async function take(deps: FeedbackDeps, raw: Buffer): Promise<boolean> {
  try {
    await takeMail(deps, { raw, recipients: [], sender: "", way: "imap" });
    return true;
  } catch (error) {
    if (isPassing(error)) throw error;
    deps.platform.log.error(
      { reason: String(error) },
      "a mail of the mailbox could not be recorded and is set aside",
    );
    return false;
  }
}

/** Of the database rather than of a mail: away, short of something, in a tangle, or told to stop. */
export function isPassing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return isDatabaseAway(error) || /^(40|53|55|57|58)/.test(code);
}

async function moveMail(
  { client }: OpenMailbox,
  uids: readonly number[],
  folder: string | null,
): Promise<void> {
  if (uids.length === 0) return;
  const range = uids.join(",");
  const isGone =
    folder === null
      ? await client.messageDelete(range, { uid: true })
      : await client.messageMove(range, folder, { uid: true });
  if (!isGone)
    throw new Error(
      folder === null
        ? "what was taken in cannot be deleted"
        : `what was read cannot be moved to “${folder}”`,
    );
}
