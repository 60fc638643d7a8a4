import { createHash, randomBytes } from "node:crypto";

/** A new unguessable token of 256 bits for links, sessions and keys, safe in URLs and headers. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What is stored of a token. A plain hash is enough, because tokens are random and long, unlike passwords. */
export function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** Names a stored token in lists and requests without giving anything away. */
export function handleOf(hash: Uint8Array): string {
  return Buffer.from(hash).toString("hex").slice(0, 32);
}
