import { createHash } from "node:crypto";

/** [D47] The same for every arrival of one report: its Message-ID together with the delivery, else all of it. */
export function reportKey(raw: Buffer, messageId: string, deliveryId: string | undefined): Buffer {
  const hash = createHash("sha256");
  if (messageId === "" || deliveryId === undefined) hash.update("source\n").update(raw);
  else hash.update(`mail\n${deliveryId}\n${messageId}`);
  return hash.digest();
}
