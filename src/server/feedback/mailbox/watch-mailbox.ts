import { randomUUID } from "node:crypto";
import { roadPauseMilliseconds } from "#core/delivery/back-off.ts";
import type { FeedbackDeps } from "../record-feedback.ts";
import { isPassing, takeBatch } from "./empty-mailbox.ts";
import {
  claimMailbox,
  type MailboxRow,
  mailboxChannel,
  noteLook,
  noteTrouble,
  passwordPurpose,
  releaseMailbox,
} from "./mailbox-store.ts";
import { describeImapProblem, ensureFolders, type OpenMailbox, openMailbox } from "./open-mailbox.ts";

/** How long to wait: for a mailbox to become free, for the server to say by itself that mail came, after trouble. */
export type MailboxPauses = {
  readonly claimMilliseconds: number;
  readonly lookMilliseconds: number;
  readonly afterTrouble: (failures: number) => number;
};

const usualPauses: MailboxPauses = {
  claimMilliseconds: 30_000,
  lookMilliseconds: 30_000,
  afterTrouble: (failures) => roadPauseMilliseconds(failures, Math.random()),
};

/**
 * [D95] Looks into the mailbox for what came back, one process at a time: at once when the server says that mail came, else every half minute.
 * After trouble it waits, longer each time. Stops after the mail under way.
 */
export function watchMailbox(deps: FeedbackDeps, pauses: MailboxPauses = usualPauses): () => Promise<void> {
  const { db, log } = deps.platform;
  const owner = randomUUID();
  const stopping = new AbortController();
  let wake = () => {};
  const ears = db.listen(mailboxChannel, () => wake());

  const nap = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      if (stopping.signal.aborted) return resolve();
      const timer = setTimeout(resolve, milliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** Empties the folder again and again until the mailbox is no longer ours, or it is time to stop. */
  async function work(mailbox: OpenMailbox, settings: MailboxRow): Promise<void> {
    const { client } = mailbox;
    client.on("exists", () => wake());
    client.on("close", () => wake());
    await ensureFolders(mailbox, settings);
    while (!stopping.signal.aborted) {
      const taken = await takeBatch(deps, mailbox, settings);
      const left = mailbox.count();
      if (!(await noteLook(db, owner, settings.revision, left))) return;
      if (taken > 0 || mailbox.count() > left) continue;
      await nap(pauses.lookMilliseconds);
      if (!stopping.signal.aborted) await client.noop();
      if (!client.usable) throw new Error("the server hung up");
    }
  }

  /** Undefined: it ended in order. Else what is wrong. */
  async function lookInto(settings: MailboxRow): Promise<string | undefined> {
    const password = deps.platform.secrets.open(settings.passwordBox, passwordPurpose).toString();
    const opened = await openMailbox(settings, password, stopping.signal);
    if (!opened.ok) return opened.error;
    try {
      await work(opened.value, settings);
      return undefined;
    } catch (error) {
      return isPassing(error)
        ? `What came cannot be recorded now: ${String(error)}.`
        : describeImapProblem(error, settings);
    } finally {
      await opened.value.close();
    }
  }

  const rounds = (async () => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      const settings = await claimMailbox(db, owner).catch(() => undefined);
      if (!settings) {
        await nap(pauses.claimMilliseconds);
        continue;
      }
      const problem = await lookInto(settings);
      failures = problem === undefined ? 0 : failures + 1;
      if (problem === undefined) continue;
      log.warn({ problem }, "the mailbox for bounces cannot be looked into");
      const pause = pauses.afterTrouble(failures);
      await noteTrouble(db, owner, settings.revision, problem, pause).catch(() => undefined);
      await nap(pause);
    }
    await releaseMailbox(db, owner).catch(() => undefined);
  })();

  return async () => {
    stopping.abort();
    wake();
    await rounds;
    await (await ears)();
  };
}
