import { createHmac } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { type HostileSink, type SinkOptions, startHostileSink } from "#test/hostile-sink.ts";
import { testCertificate } from "#test/test-certificate.ts";
import { openConnection, type SmtpTarget, standardTimeouts } from "./index.ts";

const sinks: HostileSink[] = [];
afterEach(async () => {
  await Promise.all(sinks.splice(0).map((sink) => sink.close()));
});

/** Opens a connection to a sink of this kind and says how it went. */
async function open(options: SinkOptions, target: Partial<SmtpTarget> = {}) {
  const sink = await startHostileSink(options);
  sinks.push(sink);
  const opened = await openConnection({
    host: "localhost",
    port: sink.port,
    tls: "none",
    credentials: null,
    helloName: "sender.test",
    timeouts: { ...standardTimeouts, greeting: 2000, command: 2000, connect: 2000, quit: 200 },
    ...target,
  });
  if (opened.ok) await opened.value.close();
  return { sink, opened, problem: opened.ok ? undefined : opened.error };
}

const credentials = { username: "user", password: "päss word" };
const trusted = { trustedCertificate: testCertificate.cert };
const offersTls = { offers: ["STARTTLS", "AUTH PLAIN LOGIN CRAM-MD5"], tls: testCertificate };

test("[D12] F-12: nobody listening is the road's trouble, not a recipient's", async () => {
  const { problem } = await open({}, { port: 1 });
  expect(problem).toMatchObject({ phase: "connect", reply: null });
});

test.each([
  ["greeting", "554 go away"],
  ["greeting", "421 busy"],
  ["greeting", "drop"],
  ["greeting", "silence"],
  ["greeting", "HTTP/1.1 400 Bad Request"],
  ["ehlo", "421 busy"],
  ["ehlo", "drop"],
  ["ehlo", "451 later"],
] as const)("[D12] %s %j is the road's trouble and named", async (name, answer) => {
  const { problem } = await open({ react: (moment) => (moment.name === name ? answer : undefined) });
  expect(problem?.phase).toBe(name);
});

test("a server that does not know EHLO is greeted with HELO", async () => {
  const { sink, opened } = await open({
    react: ({ name }) => (name === "ehlo" ? "502 5.5.1 what?" : undefined),
  });
  expect(opened.ok && opened.value.capabilities.pipelining).toBe(false);
  expect(sink.commands[1]).toBe("HELO sender.test");
});

test("STARTTLS protects, and what was offered before it is forgotten", async () => {
  const { sink, opened } = await open(offersTls, { tls: "starttls-required", ...trusted });
  expect(opened.ok).toBe(true);
  expect(sink.commands).toEqual(["EHLO sender.test", "STARTTLS", "EHLO sender.test", "QUIT"]);
});

test("implicit TLS protects from the first byte", async () => {
  const { opened } = await open(
    { tls: { ...testCertificate, implicit: true } },
    { tls: "implicit", ...trusted },
  );
  expect(opened.ok).toBe(true);
});

test.each(["starttls-required", "implicit"] as const)(
  "%s does not talk to a server nobody vouches for",
  async (tls) => {
    const implicit = tls === "implicit";
    const { problem, sink } = await open(
      { offers: ["STARTTLS"], tls: { ...testCertificate, implicit } },
      { tls, credentials },
    );
    expect(problem?.phase).toBe(implicit ? "connect" : "starttls");
    expect(sink.commands.some((line) => line.startsWith("AUTH"))).toBe(false);
  },
);

test("a certificate for another name is refused", async () => {
  const { problem } = await open(
    { ...offersTls, host: "127.0.0.2" },
    { tls: "starttls-required", host: "127.0.0.2", ...trusted },
  );
  expect(problem?.phase).toBe("starttls");
});

test("optional STARTTLS takes any certificate, and goes on in clear text where there is none", async () => {
  expect((await open(offersTls, { tls: "starttls" })).opened.ok).toBe(true);
  expect((await open({ offers: [] }, { tls: "starttls" })).opened.ok).toBe(true);
  expect(
    (
      await open(
        { offers: ["STARTTLS"], react: ({ name }) => (name === "starttls" ? "454 not now" : undefined) },
        { tls: "starttls" },
      )
    ).opened.ok,
  ).toBe(true);
});

test.each([
  ["is not offered", { offers: [] }],
  [
    "is refused",
    {
      offers: ["STARTTLS"],
      react: ({ name }: { name: string }) => (name === "starttls" ? "454 no" : undefined),
    },
  ],
] as const)("a password never leaves where STARTTLS %s", async (_, options) => {
  const { problem, sink } = await open(options, { tls: "starttls", credentials });
  expect(problem?.phase).toBe("starttls");
  expect(sink.commands.some((line) => line.startsWith("AUTH"))).toBe(false);
});

test("F-19: clear text behind the go-ahead for TLS is not taken for an answer inside it", async () => {
  const { problem } = await open(
    { ...offersTls, react: ({ name }) => (name === "starttls" ? "220 go\r\n250 injected\r\n" : undefined) },
    { tls: "starttls-required", ...trusted },
  );
  expect(problem?.phase).toBe("starttls");
});

const plain = Buffer.from("\0user\0päss word").toString("base64");

test("PLAIN sends the password once, inside TLS", async () => {
  const { sink, opened } = await open(offersTls, { tls: "starttls-required", credentials, ...trusted });
  expect(opened.ok).toBe(true);
  expect(sink.commands.slice(2)).toEqual(["EHLO sender.test", `AUTH PLAIN ${plain}`, "QUIT"]);
});

test("LOGIN answers the two questions", async () => {
  const steps = ["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "235 2.7.0 in"];
  const { sink, opened } = await open(
    {
      offers: ["AUTH LOGIN"],
      react: ({ name }) => (name === "auth" || name === "other" ? steps.shift() : undefined),
    },
    { host: "127.0.0.1", credentials },
  );
  expect(opened.ok).toBe(true);
  expect(sink.commands.slice(1, 4)).toEqual([
    "AUTH LOGIN",
    "dXNlcg==",
    Buffer.from("päss word").toString("base64"),
  ]);
});

test("CRAM-MD5 proves the password without showing it", async () => {
  const challenge = "<1896.697170952@postoffice.example.net>";
  const steps = [`334 ${Buffer.from(challenge).toString("base64")}`, "235 2.7.0 in"];
  const { sink, opened } = await open(
    {
      offers: ["AUTH CRAM-MD5"],
      react: ({ name }) => (name === "auth" || name === "other" ? steps.shift() : undefined),
    },
    { credentials },
  );
  expect(opened.ok).toBe(true);
  const digest = createHmac("md5", credentials.password).update(challenge).digest("hex");
  expect(Buffer.from(sink.commands[2] ?? "", "base64").toString()).toBe(`user ${digest}`);
});

test.each([
  ["535 5.7.8 wrong", "The server answered: 535 5.7.8 wrong"],
  ["454 4.7.0 later", "The server answered: 454 4.7.0 later"],
  ["334 more?", "The server answered: 334 more?"],
])("[D12] AUTH answered %j is the road's trouble", async (answer, message) => {
  const { problem } = await open(
    { offers: ["AUTH PLAIN"], react: ({ name }) => (name === "auth" ? answer : undefined) },
    { credentials },
  );
  expect(problem).toMatchObject({ phase: "auth", message });
});

test("no mechanism in common is said, with what was offered", async () => {
  const { problem } = await open({ offers: ["AUTH XOAUTH2"] }, { credentials });
  expect(problem?.message).toContain("XOAUTH2");
});
