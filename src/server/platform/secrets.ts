import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Seals what must not be readable at rest. `purpose` is bound into the seal: a box moved to another row does not open. */
export type Secrets = {
  readonly seal: (plain: string | Uint8Array, purpose: string) => Buffer;
  readonly open: (box: Uint8Array, purpose: string) => Buffer;
  /** A keyed hash for values that are only ever compared, such as an erased address. */
  readonly keyedHash: (value: string, purpose: string) => Buffer;
};

const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM (NIST SP 800-38D) with a random nonce per box; layout nonce, tag, ciphertext. */
export function createSecrets(key: Uint8Array): Secrets {
  return {
    seal(plain, purpose) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(purpose));
      const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    open(box, purpose) {
      const decipher = createDecipheriv("aes-256-gcm", key, box.subarray(0, nonceBytes))
        .setAAD(Buffer.from(purpose))
        .setAuthTag(box.subarray(nonceBytes, nonceBytes + tagBytes));
      return Buffer.concat([decipher.update(box.subarray(nonceBytes + tagBytes)), decipher.final()]);
    },
    keyedHash(value, purpose) {
      return createHmac("sha256", key).update(purpose).update("\0").update(value).digest();
    },
  };
}

/** Reads the instance key, making one (mode 0600) at first run. Losing this file loses sealed secrets and old links. */
export function loadInstanceKey(file: string): Buffer {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, randomBytes(32).toString("base64"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const key = Buffer.from(readFileSync(file, "utf8").trim(), "base64");
  if (key.length !== 32) throw new Error(`${file} is not an instance key: expected 32 bytes in base64.`);
  return key;
}
