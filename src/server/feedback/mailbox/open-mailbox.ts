import { rootCertificates } from "node:tls";
import type { ImapFlow } from "imapflow";
import { fail, ok, type Result } from "#core/kernel/result.ts";
import { largestMail } from "../take-mail.ts";
import type { MailboxSettings } from "./mailbox-store.ts";

/** A mailbox that is signed in to, with its folder open. */
export type OpenMailbox = {
  readonly client: ImapFlow;
  /** How many are in the folder, as far as the server said. */
  readonly count: () => number;
  readonly close: () => Promise<void>;
};

const connectMilliseconds = 20_000;
const silenceMilliseconds = 120_000;
const graceMilliseconds = 5000;
/** As soon as nothing is asked, the server is asked to say by itself what comes. */
const quietMilliseconds = 500;

/**
 * [D94] Signs in and opens the folder; fails with a sentence for people. TLS unless the settings say otherwise. When the signal is
 * given, a connection that is being made is cut at once, and one that works gets a few seconds for the mail under way.
 */
export async function openMailbox(
  settings: MailboxSettings,
  password: string,
  stopping?: AbortSignal,
): Promise<Result<OpenMailbox, string>> {
  const { host, port, tls, trustedCertificate, username, folder } = settings;
  // Loaded where a mailbox is read, since it takes 30 MB of every process.
  const imap = await import("imapflow");
  const client = new imap.ImapFlow({
    host,
    port,
    secure: tls === "implicit",
    doSTARTTLS: tls === "starttls",
    ...(trustedCertificate ? { tls: { ca: [...rootCertificates, trustedCertificate] } } : {}),
    auth: { user: username, pass: password },
    logger: false,
    connectionTimeout: connectMilliseconds,
    greetingTimeout: connectMilliseconds,
    socketTimeout: silenceMilliseconds,
    autoIdleDelay: quietMilliseconds,
    maxLiteralSize: 2 * largestMail,
  });
  // What breaks is said by the command that was under way, or by the next one.
  client.on("error", () => undefined);
  const cut = () => {
    if (client.usable) setTimeout(() => client.close(), graceMilliseconds).unref();
    else client.close();
  };
  stopping?.addEventListener("abort", cut);
  client.on("close", () => stopping?.removeEventListener("abort", cut));
  try {
    await client.connect();
  } catch (error) {
    client.close();
    return fail(describeImapProblem(error, settings));
  }
  try {
    const { exists } = await client.mailboxOpen(folder);
    return ok({
      client,
      count: () => (client.mailbox === false ? exists : client.mailbox.exists),
      close: async () => {
        await client.logout().catch(() => undefined);
        client.close();
      },
    });
  } catch (error) {
    client.close();
    if (wordsOf(error, "serverResponseCode") === "NONEXISTENT" || wordsOf(error, "responseStatus") === "NO")
      return fail(`There is no folder “${folder}” that can be opened.`);
    return fail(describeImapProblem(error, settings));
  }
}

/** Makes the folders that mail is moved to, where they are missing. */
export async function ensureFolders(
  { client }: OpenMailbox,
  { doneFolder, quarantineFolder }: MailboxSettings,
): Promise<void> {
  const folders = await client.list();
  for (const wanted of [doneFolder, quarantineFolder])
    if (wanted !== null && !folders.some(({ path }) => path === wanted)) await client.mailboxCreate(wanted);
}

const untrusted =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT.*)|CERT_.*|ERR_TLS_CERT_ALTNAME_INVALID)$/;

/** What went wrong with a mailbox, in a sentence. */
export function describeImapProblem(
  error: unknown,
  { host, port, tls }: Pick<MailboxSettings, "host" | "port" | "tls">,
): string {
  const code = wordsOf(error, "code");
  if (wordsOf(error, "authenticationFailed") === "true") {
    const said = wordsOf(error, "responseText");
    return `The server does not take this user name and password.${said ? ` It says: ${ended(said)}` : ""}`;
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `Nobody knows a server called ${host}.`;
  if (code === "ECONNREFUSED") return `Nothing listens at ${host}, port ${port}.`;
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return `${host}, port ${port}, does not answer in time.`;
  if (untrusted.test(code)) return `The certificate of ${host} is not trusted: ${ended(messageOf(error))}`;
  if (/WRONG_VERSION_NUMBER|ERR_SSL/.test(code) && tls === "implicit")
    return `${host} does not speak TLS at port ${port}: choose STARTTLS, or port 993.`;
  return `The connection to ${host}, port ${port}, broke: ${ended(wordsOf(error, "responseText") || messageOf(error))}`;
}

/** Words of somebody else as the end of a sentence. */
const ended = (words: string) => `${words.trim().replace(/[.]+$/, "")}.`;
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function wordsOf(error: unknown, name: string): string {
  return error instanceof Error && name in error ? String(Reflect.get(error, name) ?? "") : "";
}
