import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalProvider, providerKey, type Reaction, startProvider } from "#test/provider.ts";
import { testCertificate } from "#test/test-certificate.ts";
import { makeEnvelope } from "../smtp/index.ts";
import { standardTimeouts } from "../smtp/timeouts.ts";
import { openProvider } from "./open-provider.ts";
import type { ProviderRoad } from "./provider-requests.ts";

let provider: LocalProvider;
let react: (to: string) => Reaction;
beforeEach(async () => {
  react = () => undefined;
  provider = await startProvider({ react: (to) => react(to) });
});
afterEach(() => provider.close());

const scopes = { ses: "eu-central-1", mailgun: "mg.example.org", sendgrid: null, postmark: "broadcast" };
const road = (kind: ProviderRoad["kind"]): ProviderRoad => ({
  kind,
  providerScope: scopes[kind],
  host: "127.0.0.1",
  port: provider.port,
  tls: "none",
  credentials: kind === "mailgun" ? { ...providerKey, username: "api" } : providerKey,
  trustedCertificate: null,
  bounceDomain: null,
});

function outgoing(text: string, to = "a@example.org", mayLeave = true) {
  const envelope = makeEnvelope("news@sender.test", to);
  if (!envelope.ok) throw new Error(envelope.error.message);
  const wire = Buffer.from(`${text}\r\n.\r\n`);
  return {
    envelope: envelope.value,
    parts: [wire],
    sizeBytes: wire.length - 3,
    tag: "token-1",
    beforeDot: () => mayLeave,
  };
}

async function open(kind: ProviderRoad["kind"]) {
  const opened = await openProvider(road(kind), standardTimeouts);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

test.each(["ses", "mailgun"] as const)(
  "[S8] [S12] %s takes a message without the end of SMTP's wire, and says its own id of it",
  async (kind) => {
    const connection = await open(kind);
    expect(await connection.deliver(outgoing("Subject: ü\r\n\r\nHello"))).toMatchObject({
      kind: "accepted",
      reply: { code: 250, lines: [expect.stringContaining("m-1")] },
    });
    expect(provider.taken.map(({ message }) => message.toString())).toEqual(["Subject: ü\r\n\r\nHello\r\n"]);
    expect(provider.taken[0]?.tag).toBe("token-1");
    await connection.close();
  },
);

describe.each(["ses", "mailgun", "sendgrid", "postmark"] as const)("[S9] %s", (kind) => {
  test("a request that broke off before it was written whole was surely not sent", async () => {
    const connection = await open(kind);
    react = () => "drop-before";
    const outcome = await connection.deliver(outgoing(`Subject: x\r\n\r\n${"x".repeat(4_900_000)}`));
    expect(outcome).toMatchObject({ kind: "deferred", phase: "content", reply: null });
    expect(connection.isUsable).toBe(false);
  });

  test("one that was written whole and not answered is in doubt", async () => {
    const connection = await open(kind);
    react = () => "drop-after";
    expect(await connection.deliver(outgoing("Hello"))).toMatchObject({ kind: "in-doubt" });
    expect(connection.isUsable).toBe(false);
  });

  test("nothing is written when the lease ran out", async () => {
    const connection = await open(kind);
    expect(await connection.deliver(outgoing("Hello", "a@example.org", false))).toMatchObject({
      kind: "untouched",
    });
    expect(provider.taken).toEqual([]);
  });

  test("a server that is not there is the road's trouble", async () => {
    const gone = road(kind);
    await provider.close();
    expect(await openProvider(gone, standardTimeouts)).toMatchObject({
      ok: false,
      error: { phase: "connect" },
    });
  });

  test("what it cannot carry is refused without asking", async () => {
    const connection = await open(kind);
    expect(await connection.deliver(outgoing("Hello", "jörg@example.org"))).toMatchObject({
      kind: "refused",
      reply: null,
    });
    expect(provider.taken).toEqual([]);
    await connection.close();
  });
});

test("[S10] an answer 403 to a message spends the connection, so that the key is looked at again", async () => {
  const connection = await open("ses");
  react = () => ({
    status: 403,
    body: { message: "No." },
    headers: { "x-amzn-errortype": "AccessDeniedException" },
  });
  expect(await connection.deliver(outgoing("Hello"))).toMatchObject({
    kind: "deferred",
    reply: { code: 451 },
  });
  expect(connection.isUsable).toBe(false);
});

test("[S8] a certificate that nobody vouches for is not trusted, and nothing is told there", async () => {
  const secure = await startProvider({ isSecure: true });
  const target = { ...road("ses"), host: "localhost", port: secure.port, tls: "implicit" as const };
  expect(await openProvider(target, standardTimeouts)).toMatchObject({
    ok: false,
    error: { phase: "connect", message: expect.stringMatching(/certificate/) },
  });
  const trusting = { ...target, trustedCertificate: testCertificate.cert };
  const opened = await openProvider(trusting, standardTimeouts);
  if (!opened.ok) throw new Error(opened.error.message);
  expect(await opened.value.deliver(outgoing("Hello"))).toMatchObject({ kind: "accepted" });
  await opened.value.close();
  await secure.close();
});
