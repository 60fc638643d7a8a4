import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { audit } from "../../access/index.ts";
import type { Platform } from "../../platform/index.ts";
import { forgetTotals } from "../feedback-totals.ts";
import {
  deleteMailbox,
  findMailbox,
  holdMailbox,
  type MailboxRow,
  type MailboxSettings,
  passwordPurpose,
  writeMailbox,
} from "./mailbox-store.ts";
import { openMailbox } from "./open-mailbox.ts";

/** What decides who gets to see the password. */
const whereItGoes = ["host", "port", "tls", "trustedCertificate", "username"] as const;

/** The kept password goes nowhere but where it was given for; whoever changes that enters it again. */
function passwordFor(
  { secrets }: Pick<Platform, "secrets">,
  before: MailboxRow | undefined,
  wanted: MailboxSettings,
  given: string | undefined,
): string {
  if (given !== undefined) return given;
  if (!before || whereItGoes.some((field) => before[field] !== wanted[field]))
    return refuse("feedback.mailbox-password-needed");
  return secrets.open(before.passwordBox, passwordPurpose).toString();
}

/** Sets the mailbox that is looked into. */
export async function saveMailbox(
  platform: Platform,
  actor: Actor,
  wanted: MailboxSettings,
  password: string | undefined,
): Promise<void> {
  await platform.db.transaction(async (tx) => {
    const kept = passwordFor(platform, await holdMailbox(tx), wanted, password);
    await writeMailbox(tx, wanted, platform.secrets.seal(kept, passwordPurpose));
    const { host, folder, isOn } = wanted;
    await audit(tx, actor, { action: "bounce-mailbox.changed", details: { host, folder, isOn } });
  });
}

/** Forgets the mailbox, its password and its counts. What was taken in stays. */
export async function removeMailbox({ db }: Platform, actor: Actor): Promise<void> {
  await db.transaction(async (tx) => {
    const before = await holdMailbox(tx);
    if (!before) return;
    await deleteMailbox(tx);
    await forgetTotals(tx, "imap");
    await audit(tx, actor, { action: "bounce-mailbox.removed", details: { host: before.host } });
  });
}

/** Signs in and opens the folder as looking into it would, and changes nothing. */
export async function testMailbox(
  platform: Platform,
  wanted: MailboxSettings,
  given: string | undefined,
): Promise<{ works: boolean; message: string }> {
  const password = passwordFor(platform, await findMailbox(platform.db), wanted, given);
  const opened = await openMailbox(wanted, password);
  if (!opened.ok) return { works: false, message: opened.error };
  const count = opened.value.count();
  await opened.value.close();
  return { works: true, message: `The mailbox works. In “${wanted.folder}” there are now ${count}.` };
}
