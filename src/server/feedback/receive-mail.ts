import { once } from "node:events";
import { looksLikeReturnAddress, readReturnAddress } from "#core/delivery/feedback/find-delivery.ts";
import type { Tally } from "./feedback-totals.ts";
import { type CertificateFiles, readCertificate, watchCertificate } from "./inbound-certificate.ts";
import type { FeedbackDeps } from "./record-feedback.ts";
import { bounceDomains } from "./store.ts";
import { largestMail, takeMail } from "./take-mail.ts";

const mostClients = 20;
const silenceMilliseconds = 60_000;

const refusal = (responseCode: number, words: string) => Object.assign(new Error(words), { responseCode });
const later = () => refusal(451, "4.3.0 cannot be kept now, try again");

export type InboundSettings = {
  readonly port: number;
  readonly host: string;
  /** With it, STARTTLS is offered. */
  readonly certificate?: CertificateFiles | undefined;
};
export type InboundMail = { readonly port: number; readonly stop: () => Promise<void> };

/**
 * [D53] Listens for mail that comes back. Whoever it is not for is refused before any content: only addresses that we signed, at
 * the bounce domain of a route, one for each message. A message is accepted when all that follows from it is committed.
 * Nothing is ever answered by mail. Who is refused is counted: what looks like an address of ours and is none, and all else.
 */
export async function startInboundMail(
  deps: FeedbackDeps & { readonly tally: Tally },
  { port, host, certificate }: InboundSettings,
): Promise<InboundMail> {
  const { db, log, config } = deps.platform;
  const { mac } = deps.tracking.keys;

  async function checkRecipient(address: string, already: number): Promise<Error | null> {
    const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
    const isSigned = readReturnAddress(address, mac) !== undefined;
    if (!isSigned || !(await bounceDomains(db)).includes(domain)) {
      deps.tally.add("smtp", !isSigned && looksLikeReturnAddress(address) ? "forged" : "unknown");
      return refusal(550, "5.1.1 no such address here");
    }
    return already > 0 ? refusal(452, "4.5.3 one recipient for each message") : null;
  }

  // Loaded where mail is taken in, since it takes 20 MB of every process.
  const { SMTPServer } = await import("smtp-server");
  const server = new SMTPServer({
    name: new URL(config.publicUrl).hostname,
    banner: "Postroad, for what comes back",
    disabledCommands: certificate ? ["AUTH"] : ["AUTH", "STARTTLS"],
    ...(certificate ? readCertificate(certificate) : {}),
    disableReverseLookup: true,
    logger: false,
    size: largestMail,
    maxClients: mostClients,
    socketTimeout: silenceMilliseconds,
    closeTimeout: 2000,
    onRcptTo: (address, session, done) => {
      checkRecipient(address.address, session.envelope.rcptTo.length).then(done, () => done(later()));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => {
        if (!stream.sizeExceeded) chunks.push(chunk);
      });
      stream.once("end", () => {
        if (stream.sizeExceeded) {
          deps.tally.add("smtp", "too-large");
          return done(refusal(552, "5.3.4 larger than 20 MB"));
        }
        const { mailFrom, rcptTo } = session.envelope;
        const recipients = rcptTo.map(({ address }) => address);
        const sender = mailFrom ? mailFrom.address : "";
        takeMail(deps, { raw: Buffer.concat(chunks), recipients, sender, way: "smtp" }).then(
          () => done(null, "2.0.0 noted"),
          (error: unknown) => {
            log.error({ reason: String(error) }, "mail that came back could not be recorded yet");
            done(later());
          },
        );
      });
    },
  });
  server.on("error", () => undefined); // a client that hangs up is none of our concern
  const stopWatching =
    certificate && watchCertificate(certificate, log, (renewed) => server.updateSecureContext(renewed));
  const listening = server.listen(port, host);
  await once(listening, "listening");
  const bound = listening.address();
  return {
    port: typeof bound === "object" && bound ? bound.port : port,
    stop: () => {
      stopWatching?.();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
