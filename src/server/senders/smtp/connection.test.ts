import { afterEach, expect, test } from "vitest";
import type { Outcome } from "#core/smtp/outcome.ts";
import { type HostileSink, type SinkOptions, startHostileSink } from "#test/hostile-sink.ts";
import {
  makeEnvelope,
  type Outgoing,
  openConnection,
  type SmtpConnection,
  type SmtpTarget,
} from "./index.ts";

const sinks: HostileSink[] = [];
afterEach(async () => {
  await Promise.all(sinks.splice(0).map((sink) => sink.close()));
});

async function sinkWith(options: SinkOptions): Promise<HostileSink> {
  const sink = await startHostileSink(options);
  sinks.push(sink);
  return sink;
}

/** Long for a loaded machine, short for a test of silence. */
const patience = 20_000;
const quick = {
  connect: patience,
  greeting: patience,
  command: patience,
  data: patience,
  content: patience,
  dot: patience,
  quit: 500,
};

function targetOf(sink: HostileSink, more: Partial<SmtpTarget> = {}): SmtpTarget {
  return {
    host: "127.0.0.1",
    port: sink.port,
    tls: "none",
    credentials: null,
    helloName: "sender.test",
    timeouts: quick,
    ...more,
  };
}

async function connect(sink: HostileSink, more: Partial<SmtpTarget> = {}): Promise<SmtpConnection> {
  const opened = await openConnection(targetOf(sink, more));
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

function mail(number: number, more: Partial<Outgoing> & { to?: string } = {}): Outgoing {
  const envelope = makeEnvelope("from@sender.test", more.to ?? `to${number}@example.com`);
  if (!envelope.ok) throw new Error(envelope.error.message);
  const bytes = Buffer.from(`Subject: ${number}\r\n\r\nNumber ${number}\r\n.\r\n`);
  return {
    envelope: envelope.value,
    parts: [bytes],
    sizeBytes: bytes.length - 3,
    beforeDot: () => true,
    ...more,
  };
}

/** Delivers in order as a sender does: the next message is always known. */
async function deliverAll(connection: SmtpConnection, messages: readonly Outgoing[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [index, message] of messages.entries()) {
    if (!connection.isUsable) break;
    outcomes.push(await connection.deliver(message, messages[index + 1]));
  }
  await connection.close();
  return outcomes;
}

const kinds = (outcomes: readonly Outcome[]) => outcomes.map(({ kind }) => kind);

test.each([
  ["all at once where PIPELINING is offered", ["PIPELINING"]],
  ["step by step where it is not", []],
])("messages arrive whole and in order, %s", async (_, offers) => {
  const sink = await sinkWith({ offers });
  const outcomes = await deliverAll(await connect(sink), [mail(1), mail(2), mail(3)]);
  expect(kinds(outcomes)).toEqual(["accepted", "accepted", "accepted"]);
  expect(sink.received.map(({ to, data }) => [to, data.toString()])).toEqual(
    [1, 2, 3].map((n) => [[`to${n}@example.com`], `Subject: ${n}\r\n\r\nNumber ${n}\r\n`]),
  );
  expect(sink.connections()).toBe(1);
});

test("the envelope of the next message leaves with the content of this one", async () => {
  let commandsAtFirstDot = 0;
  const sink: HostileSink = await sinkWith({
    react: ({ name, times }) => {
      if (name === "data" && times === 2) commandsAtFirstDot = sink.received.length;
      return undefined;
    },
  });
  await deliverAll(await connect(sink), [mail(1), mail(2)]);
  expect(commandsAtFirstDot).toBe(1);
  expect(sink.commands.map((line) => line.split(" ")[0])).toEqual([
    "EHLO",
    "MAIL",
    "RCPT",
    "DATA",
    "MAIL",
    "RCPT",
    "DATA",
    "QUIT",
  ]);
});

const pipelined = [["PIPELINING"], []];

test.each(pipelined)(
  "[D10] F-22: a refused recipient does not touch the next one (%j)",
  async (...offers) => {
    const sink = await sinkWith({
      offers: offers.flat(),
      react: ({ name, text }) => (name === "rcpt" && text.includes("to2@") ? "550 5.1.1 nobody" : undefined),
    });
    const outcomes = await deliverAll(await connect(sink), [mail(1), mail(2), mail(3)]);
    expect(kinds(outcomes)).toEqual(["accepted", "refused", "accepted"]);
    // The sink answers DATA with 354 all the same; what it then gets for nobody is a lone dot.
    expect(sink.received.filter(({ to }) => to.length > 0).map(({ to }) => to[0])).toEqual([
      "to1@example.com",
      "to3@example.com",
    ]);
  },
);

test("an envelope that ended without content is reset before the next", async () => {
  const sink = await sinkWith({
    react: ({ name, text, times }) =>
      name === "rcpt" && text.includes("to1@")
        ? "450 4.2.0 later"
        : name === "data" && times === 1
          ? "503 5.5.1 no recipient"
          : undefined,
  });
  const outcomes = await deliverAll(await connect(sink), [mail(1), mail(2)]);
  expect(kinds(outcomes)).toEqual(["deferred", "accepted"]);
  expect(sink.commands).toContain("RSET");
});

test.each([
  ["mail", "451 4.3.0 later", "deferred"],
  ["mail", "550 5.7.1 not you", "sender-refused"],
  ["mail", "552 5.3.4 too big", "refused"],
  ["mail", "421 4.3.2 closing", "untouched"],
  ["rcpt", "450 4.2.0 grey", "deferred"],
  ["rcpt", "550 5.1.1 nobody", "refused"],
  ["rcpt", "421 4.7.0 slow down", "deferred"],
  ["data", "451 4.3.0 later", "deferred"],
  ["data", "554 5.7.1 no", "refused"],
  ["data", "250 not a go-ahead", "deferred"],
  ["dot", "250 2.0.0 fine", "accepted"],
  ["dot", "299 unknown but fine", "accepted"],
  ["dot", "451 4.3.0 later", "deferred"],
  ["dot", "421 4.3.2 closing", "deferred"],
  ["dot", "554 5.7.1 spam", "refused"],
  ["dot", "354 again?", "in-doubt"],
  ["dot", "gibberish", "in-doubt"],
  ["mail", "drop", "deferred"],
  ["rcpt", "drop", "deferred"],
  ["data", "drop", "deferred"],
  ["dot", "drop", "in-doubt"],
] as const)("[D10] %s answered %j is %s", async (name, answer, kind) => {
  for (const offers of [["PIPELINING"], []]) {
    const sink = await sinkWith({ offers, react: (moment) => (moment.name === name ? answer : undefined) });
    const connection = await connect(sink);
    expect(await connection.deliver(mail(1))).toMatchObject({ kind });
    await connection.close();
  }
});

test.each([
  ["mail", "deferred"],
  ["rcpt", "deferred"],
  ["data", "deferred"],
  ["dot", "in-doubt"],
] as const)("[D10] silence at %s is %s when its time is up", async (name, kind) => {
  const sink = await sinkWith({ react: (moment) => (moment.name === name ? "silence" : undefined) });
  const timeouts = { ...quick, command: 300, data: 300, dot: 300 };
  const connection = await connect(sink, { timeouts });
  expect(await connection.deliver(mail(1))).toMatchObject({ kind });
});

test("[D10] a connection closed between messages costs nobody anything", async () => {
  const sink = await sinkWith({
    react: ({ name, times }) => (name === "mail" && times === 2 ? "421 4.7.0 enough" : undefined),
  });
  const outcomes = await deliverAll(await connect(sink), [mail(1), mail(2)]);
  expect(kinds(outcomes)).toEqual(["accepted", "untouched"]);
});

test("[D10] an acceptance before the content does not count", async () => {
  const sink = await sinkWith({
    react: ({ name }) => (name === "data" ? "354 go\r\n250 2.0.0 taken already\r\n" : undefined),
  });
  const connection = await connect(sink);
  expect(await connection.deliver(mail(1))).toMatchObject({ kind: "deferred", phase: "content" });
  expect(connection.isUsable).toBe(false);
});

test("[D9] a message whose lease ran out is not completed", async () => {
  const sink = await sinkWith({});
  const connection = await connect(sink);
  expect(await connection.deliver(mail(1, { beforeDot: () => false }))).toMatchObject({ kind: "untouched" });
  expect(sink.received).toEqual([]);
});

test("[D10] wherever the connection is cut, byte by byte, nothing is taken for accepted that was not, and nothing accepted for surely unsent", async () => {
  const script = await sinkWith({});
  await deliverAll(await connect(script), [mail(1), mail(2)]);
  const total = script.commands.join("\r\n").length + 200;
  for (let cutAfterBytes = 1; cutAfterBytes < total; cutAfterBytes++) {
    const sink = await startHostileSink({ cutAfterBytes });
    const opened = await openConnection(targetOf(sink));
    const outcomes = opened.ok ? await deliverAll(opened.value, [mail(1), mail(2)]) : [];
    const arrived = new Set(sink.received.map(({ to }) => to[0]));
    for (const [index, { kind }] of outcomes.entries()) {
      const hasArrived = arrived.has(`to${index + 1}@example.com`);
      if (kind === "accepted") expect(hasArrived, `accepted, cut after ${cutAfterBytes}`).toBe(true);
      else if (kind !== "in-doubt") expect(hasArrived, `${kind}, cut after ${cutAfterBytes}`).toBe(false);
    }
    expect(arrived.size).toBeLessThanOrEqual(outcomes.length);
    await sink.close();
  }
});

test("a message that the server cannot carry is refused before a byte of it leaves", async () => {
  const sink = await sinkWith({ offers: ["PIPELINING", "SIZE 100"] });
  const connection = await connect(sink);
  expect(await connection.deliver(mail(1, { sizeBytes: 101 }))).toMatchObject({
    kind: "refused",
    reply: null,
  });
  expect(await connection.deliver(mail(2, { to: "ünï@exämple.com" }))).toMatchObject({
    kind: "refused",
    reply: null,
  });
  expect(await connection.deliver(mail(3, { to: "user@exämple.com" }))).toMatchObject({ kind: "accepted" });
  expect(sink.received[0]?.to).toEqual(["user@xn--exmple-cua.com"]);
  expect(sink.commands.filter((line) => line.startsWith("MAIL"))).toHaveLength(1);
});

test("SMTPUTF8 is spoken only to servers that know it and for addresses that need it", async () => {
  const sink = await sinkWith({ offers: ["PIPELINING", "SMTPUTF8"] });
  await deliverAll(await connect(sink), [mail(1), mail(2, { to: "ünï@example.com" })]);
  expect(sink.commands.filter((line) => line.startsWith("MAIL"))).toEqual([
    "MAIL FROM:<from@sender.test>",
    "MAIL FROM:<from@sender.test> SMTPUTF8",
  ]);
  expect(sink.received[1]?.to).toEqual(["ünï@example.com"]);
});
