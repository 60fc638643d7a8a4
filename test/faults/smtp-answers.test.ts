import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { sql } from "#server/platform/index.ts";
import { openConnection, standardTimeouts } from "#server/senders/smtp/index.ts";
import type { Moment, Reaction } from "#test/hostile-sink.ts";
import { until } from "#test/mailing.ts";
import { createFaultWorld, type FaultWorld } from "./fault-world.ts";

let world: FaultWorld | undefined;
const closings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
  await world?.close();
  world = undefined;
});

const recipients = 40;
const faulty = 10;
/** Ten minutes become three seconds. */
const timeouts = { ...standardTimeouts, greeting: 2000, command: 2000, data: 2000, content: 2000, dot: 3000 };

/** Starts a sender against a sink that reacts so the first ten times it comes to a stage. */
async function play(stage: Moment["name"], reaction: () => Reaction): Promise<FaultWorld> {
  let times = 0;
  const react = ({ name }: Moment) => (name === stage && times++ < faulty ? reaction() : undefined);
  world = await createFaultWorld({ recipients, timeouts, faults: { react } });
  world.startHere();
  await until("the faults were played", async () => times >= faulty, 120_000);
  return world;
}

test.each(["mail", "rcpt", "data", "dot"] as const)(
  "[D10] [D15] F-13: 4xx at %s puts the recipient off, and nobody else",
  async (stage) => {
    const { platform, expectSound } = await play(stage, () => "450 4.2.0 later");
    expect(await expectSound({ ambiguous: 0 })).toEqual({ queued: recipients, accepted: recipients });
    const again = await platform.db.rows(sql`select from delivery_log where attempts = 2`);
    expect(again).toHaveLength(faulty);
  },
);

test.each(["rcpt", "data", "dot"] as const)(
  "[D10] F-14: 5xx at %s refuses the recipient, and the next ones are not touched",
  async (stage) => {
    const { expectSound } = await play(stage, () => "550 5.7.1 no");
    expect(await expectSound({ ambiguous: 0 })).toEqual({
      queued: recipients,
      accepted: recipients - faulty,
      refused: faulty,
    });
  },
);

/** Before a message is announced nobody can be to blame: an answer, and the step at which the route is said to be broken. */
const beforeMail: readonly [stage: Moment["name"], answer: string, phase: string][] = [
  ["greeting", "421 4.3.2 closed", "greeting"],
  ["greeting", "554 5.3.2 go away", "greeting"],
  ["ehlo", "451 4.3.0 later", "ehlo"],
  // Whoever does not know EHLO is asked by HELO, and then offers no TLS.
  ["ehlo", "502 5.5.1 what", "starttls"],
  ["starttls", "454 4.7.0 no TLS now", "starttls"],
  ["starttls", "554 5.7.3 never", "starttls"],
  ["auth", "454 4.7.0 not now", "auth"],
  ["auth", "535 5.7.8 wrong password", "auth"],
];

test.each(beforeMail)(
  "[D10] [D12] F-13 and F-14: %s answered by %s rests the route, charges nobody, and all leaves once it works",
  async (stage, answer, phase) => {
    world = await createFaultWorld({
      recipients,
      isSecure: true,
      timeouts,
      faults: { react: ({ name }) => (name === stage ? answer : undefined) },
    });
    const { platform, sink, log } = world;
    world.startHere();
    const troubles = () => platform.db.rows<{ phase: string }>(sql`select phase from route_troubles`);
    await until("the trouble is visible", async () => (await troubles()).length === 1);
    expect(await troubles()).toEqual([{ phase }]);
    expect(await platform.db.rows(sql`select from delivery_retries`)).toEqual([]);
    expect(log.accepted()).toBe(0);
    expect(sink.commands.filter((line) => line.startsWith("MAIL"))).toEqual([]);
    expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: recipients, accepted: recipients });
    expect(await platform.db.rows(sql`select from delivery_log where attempts <> 1`)).toEqual([]);
    // A password never goes over a line in clear text.
    const plain = sink.commands.findIndex((line) => line.startsWith("STARTTLS"));
    expect(sink.commands.slice(0, plain).filter((line) => line.startsWith("AUTH"))).toEqual([]);
  },
);

const latin1 = Buffer.from("250 angenommen für Sie\r\n", "latin1");
/** Answers that no server should give. None of them may be taken for an acceptance of what did not arrive. */
const garbage: readonly [string, () => Reaction][] = [
  ["Latin-1", () => latin1],
  ["NUL", () => Buffer.from("250 o\0k\r\n")],
  ["only a code", () => "250"],
  ["a cut code", () => Buffer.from("25\r\n")],
  ["a continuation without end", () => Buffer.from("250-queued\r\n")],
  ["a line without end", () => Buffer.from("250 queued")],
  ["a line of ten megabytes", () => Buffer.alloc(10_000_000, "2")],
  ["two answers", () => Buffer.from("250 2.0.0 ok\r\n250 2.0.0 ok\r\n")],
  ["a second go-ahead", () => Buffer.from("354 again\r\n354 again\r\n")],
  ["words", () => Buffer.from("What do you mean?\r\n")],
];

test.each(garbage)(
  "[D10] F-17: %s in place of an answer to RCPT costs nobody a message",
  async (_, reaction) => {
    const { expectSound } = await play("rcpt", reaction);
    const { accepted = 0, refused = 0 } = await expectSound({ ambiguous: 0 });
    expect([accepted, refused]).toEqual([recipients, 0]);
  },
);

// The waits are the fault that is played here, on both sides of the three seconds.
test("[D11] F-16: an acceptance that comes late counts, and one that comes too late is in doubt", async () => {
  let dots = 0;
  world = await createFaultWorld({
    recipients,
    timeouts,
    faults: {
      react: ({ name }) =>
        name === "dot" && dots++ < 8
          ? {
              reply: "250 2.0.0 queued",
              after: new Promise((done) => setTimeout(done, dots % 2 ? 300 : 8000)),
            }
          : undefined,
    },
  });
  world.startHere();
  await until("the faults were played", async () => dots >= 8);
  const { "in-doubt": inDoubt, accepted } = await world.expectSound({ ambiguous: 4 });
  expect([inDoubt, accepted]).toEqual([4, recipients - 4]);
});

test("[D15] F-20: a server that greylists everybody at first gets every message once", async () => {
  const known = new Set<string>();
  world = await createFaultWorld({
    recipients,
    faults: {
      react({ name, text }) {
        if (name !== "rcpt" || known.has(text)) return undefined;
        known.add(text);
        return "450 4.2.0 greylisted, come again in five minutes";
      },
    },
  });
  world.startHere();
  await until("all were put off", async () => known.size === recipients);
  expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: recipients, accepted: recipients });
});

test("[D10] [D12] F-21: a server that says 421 after every fifth message of a connection loses no message and charges nobody", async () => {
  world = await createFaultWorld({
    recipients: 200,
    faults: {
      react: ({ name, times }) => (name === "mail" && times > 5 ? "421 4.7.0 enough for now" : undefined),
    },
  });
  world.startHere();
  const { sink, log, platform } = world;
  await until("many connections were used", async () => sink.connections() > 20 || log.accepted() === 200);
  expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: 200, accepted: 200 });
  const charged = await platform.db.rows(sql`select from delivery_log where attempts > 1`);
  expect(charged.length).toBeLessThan(20);
});

/** A server that speaks as it is told, below the level of answers. */
async function rawServer(speak: (socket: Socket) => void): Promise<number> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    speak(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closings.push(async () => {
    for (const socket of open) socket.destroy();
    server.close();
    await once(server, "close");
  });
  return (server.address() as AddressInfo).port;
}

const targetAt = (port: number) => ({
  host: "127.0.0.1",
  port,
  tls: "none" as const,
  credentials: null,
  helloName: "sender.test",
  timeouts,
});

test("[D12] F-18: an answer that comes byte by byte and never ends is given up when its time is up", async () => {
  const port = await rawServer((socket) => {
    socket.write("220-");
    const timer = setInterval(() => socket.write("."), 50);
    socket.on("close", () => clearInterval(timer));
  });
  const opened = await openConnection(targetAt(port));
  expect(opened).toMatchObject({ ok: false, error: { phase: "greeting" } });
});

test("[D10] F-18: a server that takes no more bytes in the middle of the content gets the message again later", async () => {
  const port = await rawServer((socket) => {
    socket.write("220 raw\r\n");
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1");
      if (/^EHLO.*\r\n$/.test(heard)) socket.write("250 raw\r\n");
      else if (/(MAIL|RCPT).*\r\n$/.test(heard)) socket.write("250 ok\r\n");
      else if (/DATA\r\n$/.test(heard)) {
        socket.write("354 go\r\n");
        socket.pause();
      }
    });
  });
  const opened = await openConnection(targetAt(port));
  if (!opened.ok) throw new Error(opened.error.message);
  const content = Buffer.alloc(30_000_000, "a line of content\r\n");
  const outcome = await opened.value.deliver({
    envelope: { from: "from@sender.test", to: "to@example.com", needsUtf8: false },
    parts: [content, Buffer.from("\r\n.\r\n")],
    sizeBytes: content.length,
    beforeDot: () => true,
  });
  expect(outcome).toMatchObject({ kind: "deferred", phase: "content" });
});
