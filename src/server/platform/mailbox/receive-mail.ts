import { once } from "node:events";
import type { SMTPServerAddress } from "smtp-server";
import type { MessageStore } from "./message-store.ts";

const largestMessage = 50 * 1024 * 1024;
const rememberedDeferrals = 100_000;

/** A refusal with its SMTP reply. */
class Refusal extends Error {
  readonly responseCode: number;
  constructor(responseCode: number, words: string) {
    super(words);
    this.responseCode = responseCode;
  }
}

/**
 * Decides on a recipient. So that bounces and delays can be seen without a real receiver, an address with `+bounce`
 * before its @ does not exist, and one with `+defer` is accepted at the second try of the same sender.
 */
export function createRecipientRule(): (from: string, to: string) => Refusal | undefined {
  const deferred = new Set<string>();
  return (from, to) => {
    const local = to.slice(0, Math.max(0, to.lastIndexOf("@")));
    if (local.includes("+bounce"))
      return new Refusal(550, `5.1.1 <${to}>: this address bounces because its name says so`);
    const key = `${from} ${to}`;
    if (!local.includes("+defer") || deferred.delete(key)) return undefined;
    if (deferred.size >= rememberedDeferrals) deferred.clear();
    deferred.add(key);
    return new Refusal(451, `4.7.1 <${to}>: deferred once because its name says so, try again`);
  };
}

/** Listens for mail on the loopback address; a message is accepted when it is stored. Port 0 takes any. */
export async function startReceiving(
  store: MessageStore,
  port: number,
): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  const ruleOn = createRecipientRule();
  // Loaded where there is a test mailbox, since it takes 20 MB of every process.
  const { SMTPServer } = await import("smtp-server");
  const server = new SMTPServer({
    name: "mailbox.localhost",
    banner: "Postroad test mailbox",
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    logger: false,
    size: largestMessage,
    socketTimeout: 5 * 60_000,
    onRcptTo: (address, session, done) => {
      const from = session.envelope.mailFrom;
      done(ruleOn(from ? from.address : "", address.address) ?? null);
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.once("end", () => {
        if (stream.sizeExceeded) return done(new Refusal(552, "5.3.4 larger than 50 MB"));
        const { mailFrom, rcptTo } = session.envelope;
        const to = rcptTo.map((each: SMTPServerAddress) => each.address);
        store
          .append({ from: mailFrom ? mailFrom.address : "", to, raw: Buffer.concat(chunks) })
          .then(() => done(null, "2.0.0 kept in the test mailbox"))
          .catch(() => done(new Refusal(452, "4.3.1 the message could not be stored")));
      });
    },
  });
  server.on("error", () => undefined); // a client that hangs up is none of our concern
  const listening = server.listen(port, "127.0.0.1");
  await once(listening, "listening");
  const address = listening.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
