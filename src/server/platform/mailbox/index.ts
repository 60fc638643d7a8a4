import type { Clock } from "../clock.ts";
import { type Limits, openMessageStore } from "./message-store.ts";
import { startReceiving } from "./receive-mail.ts";
import { serveMailbox } from "./serve-mailbox.ts";

export type Mailbox = {
  readonly smtpPort: number;
  readonly webPort: number;
  readonly stop: () => Promise<void>;
};

export type MailboxOptions = {
  readonly directory: string;
  /** 0 takes any free port. */
  readonly smtpPort: number;
  readonly webPort: number;
  readonly clock: Clock;
  readonly limits?: Limits;
};

/** Starts the test mailbox: an SMTP server on this machine that keeps every message, and pages that show them. */
export async function startMailbox(options: MailboxOptions): Promise<Mailbox> {
  const store = openMessageStore(options.directory, options.clock, options.limits);
  const web = await serveMailbox(store, options.webPort);
  const smtp = await startReceiving(store, options.smtpPort).catch(async (error: unknown) => {
    await web.stop();
    throw error;
  });
  return {
    smtpPort: smtp.port,
    webPort: web.port,
    async stop() {
      await smtp.stop();
      await web.stop();
      await store.close();
    },
  };
}
