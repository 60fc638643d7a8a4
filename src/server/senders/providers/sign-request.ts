import { createHash, createHmac } from "node:crypto";

/** A request before it is signed. `path` has no query and no character that would need encoding. */
export type Unsigned = {
  readonly method: "GET" | "POST";
  readonly host: string;
  readonly path: string;
  readonly body: Uint8Array;
};

type Signer = {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  readonly service: string;
};

/** The headers that sign a request for Amazon (Signature Version 4). */
export function signRequest(request: Unsigned, signer: Signer, now: Date): Record<string, string> {
  const time = `${now.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
  const date = time.slice(0, 8);
  const bodyHash = sha256(request.body);
  const signedHeaders = "host;x-amz-content-sha256;x-amz-date";
  const headers = `host:${request.host}\nx-amz-content-sha256:${bodyHash}\nx-amz-date:${time}\n`;
  const canonical = [request.method, request.path, "", headers, signedHeaders, bodyHash].join("\n");
  const scope = `${date}/${signer.region}/${signer.service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const key = [date, signer.region, signer.service, "aws4_request"].reduce<string | Buffer>(
    (secret, text) => hmac(secret, text),
    `AWS4${signer.secretKey}`,
  );
  return {
    "x-amz-content-sha256": bodyHash,
    "x-amz-date": time,
    authorization: `AWS4-HMAC-SHA256 Credential=${signer.accessKey}/${scope}, SignedHeaders=${signedHeaders}, Signature=${hmac(key, toSign).toString("hex")}`,
  };
}

const sha256 = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
