import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import fc from "fast-check";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";
import { expect, test } from "vitest";
import { z } from "zod";
import { compileMessage } from "#core/messages/compile-message.ts";
import { createRenderer } from "#core/messages/render-message.ts";
import { sampleMailing, sampleRecipient, sampleSource } from "#core/messages/sample-message.ts";
import { ByteBuffer } from "#core/mime/byte-buffer.ts";
import { wireGate } from "#core/mime/wire-gate.ts";
import { wellFormed } from "#core/template/escape.ts";
import { signMessage } from "../../src/server/senders/dkim.ts";
import { verifyDkim } from "../support/verify-dkim.ts";

/** What a contact, or who imports one, can put into each field. */
const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.constantFrom(
    "👩‍👩‍👧‍👦 family 🏳️‍🌈",
    "مرحبا \u202Eevil\u202C",
    "日本語の名前は長いですが、折り返しは正しくなければなりません。".repeat(8),
    `e${"\u0301".repeat(300)}`,
    "half \uD800 and \uDC00 pairs",
    "a\0b",
    "one\r\nBcc: x@evil.example",
    "\r\n.\r\nMAIL FROM:<x@evil.example>\r\n",
    "\n.\nsmuggled",
    "\r.\rsmuggled",
    ".\r\n..\r\n...",
    "x".repeat(2000),
    `${"word ".repeat(400)}end`,
    "--=_postroad_alternative--\r\n",
    "=?utf-8?Q?=0D=0ABcc:_x@evil.example?=",
    '"quoted \\" name" <x@evil.example>, other@evil.example',
    "</p></body><script>alert(1)</script>",
    "=3D=\r\n trailing   ",
  ),
);

const publicKeys = {
  r: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  e: generateKeyPairSync("ed25519"),
};
const records: Readonly<Record<string, string>> = {
  "r._domainkey.example.com": `v=DKIM1; k=rsa; p=${publicKeys.r.publicKey.export({ type: "spki", format: "der" }).toString("base64")}`,
  "e._domainkey.example.com": `v=DKIM1; k=ed25519; p=${publicKeys.e.publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64")}`,
};

const compiled = compileMessage(
  {
    ...sampleSource,
    subject: "To {{ contact.first_name }} of {{ contact.city }}",
    fromName: "{{ contact.city }}",
  },
  { attributes: [{ key: "orders", type: "list" }] },
);
if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
const { fields } = compiled.value;
const renderer = createRenderer(compiled.value, sampleMailing);

type Values = { readonly first_name: string; readonly city: string; readonly email: string };
const contact = fc.record({
  values: fc.record({ first_name: hostile, city: hostile, email: hostile }),
  displayName: hostile,
});

/** The message as bytes and what it should say. */
function make({ values, displayName }: { readonly values: Values; readonly displayName: string }) {
  const out = new ByteBuffer();
  const recipient = sampleRecipient(fields, values, {
    displayName,
    tokens: { read: "r".repeat(34), manage: "m".repeat(34), forward: "f".repeat(34), bounce: "b".repeat(40) },
  });
  const made = renderer.render(recipient, out);
  const parts = renderer.renderParts(recipient);
  if (!made.ok || !parts.ok) throw new Error(JSON.stringify([made, parts]));
  expect(wireGate(out.bytes, made.value)).toEqual([]);
  const bytes = Buffer.from(out.bytes.slice(0, made.value.end));
  return { bytes, bounds: made.value, meant: { ...parts.value, displayName } };
}

/** Readers drop or turn over characters without width and spaces at the ends of encoded words: left out on both sides. */
const bare = (text: string | undefined) =>
  wellFormed(text ?? "").replace(/[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}]+/gu, "");
const lines = (text: string | false | undefined) =>
  wellFormed(text || "")
    .replace(/\r\n/g, "\n")
    .replace(/\n+$/, "");

const headerNames = [
  "from",
  "to",
  "subject",
  "date",
  "message-id",
  "list-unsubscribe",
  "list-unsubscribe-post",
  "list-id",
  "feedback-id",
  "precedence",
  "mime-version",
  "content-type",
];

test("[W8] two parsers find in the final bytes what was meant, whatever contacts hold", async () => {
  await fc.assert(
    fc.asyncProperty(contact, async (one) => {
      const { bytes, bounds, meant } = make(one);
      const all = bytes.toString("latin1");
      expect(all).toMatch(/^[\t\r\n\x20-\x7e]*$/);
      expect(all.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
      const body = all.slice(bounds.bodyStart).split("\r\n");
      expect(Math.max(...body.map((line) => line.length))).toBeLessThanOrEqual(76);
      expect(Math.max(...all.split("\r\n").map((line) => line.length))).toBeLessThanOrEqual(998);

      const postal = await PostalMime.parse(bytes);
      expect(postal.headers.map(({ key }) => key)).toEqual(headerNames);
      expect(bare(postal.subject)).toBe(bare(meant.subject));
      expect(postal.to?.map(({ address }) => address)).toEqual(["ana@example.org"]);
      expect(bare(postal.to?.[0]?.name)).toBe(bare(meant.displayName));
      expect(postal.from?.address).toBe("news@example.com");
      expect(lines(postal.text)).toBe(lines(meant.text));
      expect(lines(postal.html)).toBe(lines(meant.html));

      const parsed = await simpleParser(bytes, { skipTextToHtml: true, skipImageLinks: true });
      expect(bare(parsed.subject)).toBe(bare(meant.subject));
      const to = Array.isArray(parsed.to) ? parsed.to : [parsed.to];
      expect(to.flatMap((each) => each?.value.map(({ address }) => address))).toEqual(["ana@example.org"]);
      expect(parsed.from?.value.map(({ address }) => address)).toEqual(["news@example.com"]);
      expect(lines(parsed.text)).toBe(lines(meant.text));
      expect(lines(parsed.html)).toBe(lines(meant.html));
    }),
    { numRuns: 60 },
  );
});

const python = spawnSync("python3", ["--version"]).status === 0;
const pythonReading = z.object({
  headers: z.array(z.string()),
  subject: z.string(),
  from: z.string(),
  toName: z.string(),
  to: z.string(),
  parts: z.array(z.string()),
  text: z.string(),
  html: z.string(),
  defects: z.array(z.string()),
});

test("[W8] Python's mail library finds the same", (context) => {
  if (!python) return context.skip("there is no python3 here");
  const made = fc.sample(contact, 60).map(make);
  const input = made.map(({ bytes }) => `${bytes.toString("base64")}\n`).join("");
  const read = spawnSync("python3", [join(import.meta.dirname, "read_mail.py")], { input, encoding: "utf8" });
  expect(read.stderr).toBe("");
  const readings = read.stdout
    .trim()
    .split("\n")
    .map((line) => pythonReading.parse(JSON.parse(line)));
  expect(readings.length).toBe(made.length);
  readings.forEach((reading, i) => {
    const meant = made[i]?.meant;
    expect(reading.headers).toEqual(headerNames);
    expect(bare(reading.subject)).toBe(bare(meant?.subject));
    expect([reading.from, reading.to]).toEqual(["news@example.com", "ana@example.org"]);
    expect(bare(reading.toName)).toBe(bare(meant?.displayName));
    expect(reading.parts).toEqual(["text/plain", "text/html"]);
    expect(lines(reading.text)).toBe(lines(meant?.text));
    expect(lines(reading.html)).toBe(lines(meant?.html));
    expect(reading.defects).toEqual([]);
  });
});

test("[W8] signed messages are good to two verifiers, and to neither once a signed part is changed", async () => {
  const keys = [
    { domain: "example.com", selector: "r", algorithm: "rsa-sha256" as const, key: publicKeys.r.privateKey },
    {
      domain: "example.com",
      selector: "e",
      algorithm: "ed25519-sha256" as const,
      key: publicKeys.e.privateKey,
    },
  ];
  const own = (text: string) => verifyDkim(text, { r: publicKeys.r.publicKey, e: publicKeys.e.publicKey });
  const mailauth = async (text: string) => {
    const { results } = await dkimVerify(Buffer.from(text, "latin1"), {
      resolver: async (name: string) => [[records[name] ?? ""]],
    });
    return results.map(({ status }) => status.result === "pass");
  };
  await fc.assert(
    fc.asyncProperty(
      contact,
      fc.nat(),
      fc.constantFrom("From", "Subject", "To", "Reply-To", "List-Unsubscribe"),
      async (one, place, name) => {
        const { bytes, bounds } = make(one);
        const signatures = await signMessage(keys, bytes, bounds, new Date());
        const text = bytes.toString("latin1");
        expect(own(signatures + text)).toEqual([true, true]);
        expect(await mailauth(signatures + text)).toEqual([true, true]);

        // Any letter or digit of the message stands in a signed header or in the body.
        let at = place % text.length;
        while (!/[A-Za-z0-9]/.test(text[at] ?? "")) at = (at + 1) % text.length;
        const damaged = `${text.slice(0, at)}${text[at] === "7" ? "8" : "7"}${text.slice(at + 1)}`;
        const second = `${name}: x@evil.example\r\n${text}`;
        for (const changed of [damaged, second]) {
          expect(own(signatures + changed)).toEqual([false, false]);
          expect(await mailauth(signatures + changed)).toEqual([false, false]);
        }
      },
    ),
    { numRuns: 25 },
  );
});
