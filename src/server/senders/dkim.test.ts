import { generateKeyPairSync, type KeyObject } from "node:crypto";
import fc from "fast-check";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { expect, test } from "vitest";
import { verifyDkim } from "../../../test/support/verify-dkim.ts";
import { type DkimKey, signMessage } from "./dkim.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ed25519 = generateKeyPairSync("ed25519");
const keys: readonly DkimKey[] = [
  { domain: "example.com", selector: "r1", algorithm: "rsa-sha256", key: rsa.privateKey },
  { domain: "example.com", selector: "e1", algorithm: "ed25519-sha256", key: ed25519.privateKey },
];
const publicKeys: Record<string, KeyObject> = { r1: rsa.publicKey, e1: ed25519.publicKey };

const records: Record<string, string> = {
  "r1._domainkey.example.com": `v=DKIM1; k=rsa; p=${rsa.publicKey.export({ type: "spki", format: "der" }).toString("base64")}`,
  "e1._domainkey.example.com": `v=DKIM1; k=ed25519; p=${ed25519.publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64")}`,
};

const headers = [
  "From: =?utf-8?q?M=C3=BCller?= <news@example.com>",
  "To: ana@example.org",
  "Subject: A subject\r\n that is   folded ",
  "Date: Thu, 02 Apr 2026 10:30:05 +0000",
  "Message-ID: <1025.7@mail.example.com>",
  "List-Unsubscribe: <https://mail.example.com/u/TOKEN>",
  "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
  "Feedback-ID: 7:3:journey:postroad",
  "MIME-Version: 1.0",
  "Content-Type: text/plain",
].join("\r\n");
const body = "Hello  world \t\r\n\r\n..dots and\ttabs   \r\n\r\n\r\n";

async function signed(head = headers, content = body): Promise<string> {
  const bytes = Buffer.from(`${head}\r\n\r\n${content}`, "latin1");
  const bounds = { bodyStart: head.length + 4, end: bytes.length };
  return `${await signMessage(keys, bytes, bounds, new Date())}${bytes.toString("latin1")}`;
}

/** mailauth's verdict on each signature, with our keys in place of DNS. */
async function verdicts(message: string): Promise<string[]> {
  const { results } = await dkimVerify(Buffer.from(message, "latin1"), {
    resolver: async (name: string) => [[records[name] ?? ""]],
  });
  return results.map(({ status }) => status.result);
}

const ownVerdicts = (message: string) => verifyDkim(message, publicKeys);

test("both signatures are good to two verifiers that know nothing of each other", async () => {
  const message = await signed();
  expect(await verdicts(message)).toEqual(["pass", "pass"]);
  expect(ownVerdicts(message)).toEqual([true, true]);
});

test("every line of the signature fits in 78 characters", async () => {
  const message = await signed();
  const longest = Math.max(
    ...message
      .slice(0, message.indexOf("From:"))
      .split("\r\n")
      .map((line) => line.length),
  );
  expect(longest).toBeLessThanOrEqual(78);
});

test("unsubscribe headers are signed", async () => {
  expect(await signed()).toMatch(/h=[^;]*list-unsubscribe:[^;]*list-unsubscribe-post:/);
});

test("spaces may change on the way, as relaxed form allows", async () => {
  const message = (await signed())
    .replace("Hello  world \t", "Hello world")
    .replace("Subject: A", "Subject:   A");
  expect(await verdicts(message)).toEqual(["pass", "pass"]);
});

type Change = readonly [what: string, change: (message: string) => string];
const changes: readonly Change[] = [
  ["the body", (message: string) => message.replace("Hello", "Hullo")],
  ["the subject", (message: string) => message.replace("A subject", "B subject")],
  ["the one-click address", (message: string) => message.replace("/u/TOKEN", "/u/OTHER")],
  ["the feedback id", (message: string) => message.replace("7:3:", "7:4:")],
  ...[
    "From",
    "Subject",
    "To",
    "Date",
    "Reply-To",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Content-Type",
  ].map(
    (name) =>
      [
        `a second ${name}`,
        (message: string) => message.replace("\r\nMIME-", `\r\n${name}: added\r\nMIME-`),
      ] as Change,
  ),
];

test.each(changes)("changing %s breaks both signatures", async (_, change) => {
  const message = change(await signed());
  expect(await verdicts(message)).not.toContain("pass");
  expect(ownVerdicts(message)).toEqual([false, false]);
});

test("any body at all is signed right", async () => {
  const piece = fc.constantFrom(" ", "\t", "\r\n", "a", ".", "=20", "\r\n\r\n");
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
      const message = await signed(headers, pieces.join(""));
      expect(ownVerdicts(message)).toEqual([true, true]);
      expect(await verdicts(message)).toEqual(["pass", "pass"]);
    }),
    { numRuns: 60 },
  );
});
