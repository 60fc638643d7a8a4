import { bounceMailboxRoutes } from "#contract/feedback.ts";
import type { Http } from "../../platform/http/implement.ts";
import type { Platform } from "../../platform/index.ts";
import { listTotals } from "../feedback-totals.ts";
import { findMailbox } from "./mailbox-store.ts";
import { removeMailbox, saveMailbox, testMailbox } from "./save-mailbox.ts";

/** Binds the mailbox that is looked into for what came back. */
export function bindMailboxRoutes(http: Http, platform: Platform): void {
  http.implement(bounceMailboxRoutes.show, () => present(platform));
  http.implement(bounceMailboxRoutes.set, async ({ actor, body: { password, ...wanted } }) => {
    await saveMailbox(platform, actor, wanted, password);
    return present(platform);
  });
  http.implement(bounceMailboxRoutes.remove, async ({ actor }) => {
    await removeMailbox(platform, actor);
    return present(platform);
  });
  http.implement(bounceMailboxRoutes.test, ({ body: { password, ...wanted } }) =>
    testMailbox(platform, wanted, password),
  );
}

async function present({ db }: Pick<Platform, "db">) {
  const mailbox = await findMailbox(db);
  if (!mailbox) return { mailbox: null };
  const { passwordBox, revision, lookedAt, waiting, trouble, troubleSince, ...settings } = mailbox;
  const totals = await listTotals(db, "imap");
  const totalOf = (wanted: string) => totals.find(({ kind }) => kind === wanted)?.total ?? 0;
  return {
    mailbox: {
      settings,
      lookedAt: lookedAt?.toISOString() ?? null,
      waiting,
      trouble:
        trouble !== null && troubleSince !== null
          ? { message: trouble, since: troubleSince.toISOString() }
          : null,
      taken: totalOf("taken"),
      quarantined: totalOf("quarantined"),
    },
  };
}
