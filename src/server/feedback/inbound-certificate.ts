import { readFileSync, statSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { Log } from "../platform/index.ts";

export type CertificateFiles = { readonly cert: string; readonly key: string };
type Certificate = { readonly cert: Buffer; readonly key: Buffer };

const lookMilliseconds = 60_000;

/** Reads a certificate and its key; throws where they do not fit together. */
export function readCertificate({ cert, key }: CertificateFiles): Certificate {
  const read = { cert: readFileSync(cert), key: readFileSync(key) };
  createSecureContext(read);
  return read;
}

/** Hands over the certificate anew whenever its files changed, as they do when it is renewed. The one before holds while they do not fit. */
export function watchCertificate(
  files: CertificateFiles,
  log: Log,
  take: (certificate: Certificate) => void,
  pauseMilliseconds = lookMilliseconds,
): () => void {
  const changedAt = () => Math.max(statSync(files.cert).mtimeMs, statSync(files.key).mtimeMs);
  let known = changedAt();
  const timer = setInterval(() => {
    try {
      const now = changedAt();
      if (now === known) return;
      take(readCertificate(files));
      known = now;
      log.info({ file: files.cert }, "the renewed certificate of the listener is used");
    } catch (error) {
      log.warn({ reason: String(error), file: files.cert }, "the changed certificate cannot be used yet");
    }
  }, pauseMilliseconds).unref();
  return () => clearInterval(timer);
}
