import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mintTokens } from "#core/tracking/tokens.ts";
import { sql } from "#server/platform/index.ts";
import { type ImapOptions, type ImapServer, startImapServer } from "#test/imap-server.ts";
import { until } from "#test/mailing.ts";
import { aMailing, someContacts } from "#test/mailings.ts";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";
import { testCertificate } from "#test/test-certificate.ts";
import { type MailboxPauses, watchMailbox } from "./watch-mailbox.ts";

let world: TestProduct;
let admin: Agent;
let server: ImapServer;
let deliveryIds: readonly string[];
let stops: (() => Promise<void>)[];

beforeEach(async () => {
  world = await createTestProduct();
  admin = await world.as("admin");
  stops = [];
  const contactIds = await someContacts(world.db, ["ana@example.org", "bob@example.org"]);
  ({ deliveryIds } = await aMailing(world.db, { contactIds }));
});
afterEach(async () => {
  for (const stop of stops) await stop();
  await server.close();
  await world.stop();
});

/** A mailbox that is looked into, by so many processes at once. */
async function watched(options: ImapOptions = {}, changes: object = {}, processes = 1): Promise<void> {
  server = await startImapServer(options);
  expect((await admin.request("PUT", "/api/feedback/mailbox", settings(changes))).status).toBe(200);
  for (let count = 0; count < processes; count++) watch();
}
function watch(pauses: Partial<MailboxPauses> = {}): void {
  const deps = { platform: world.platform, tracking: world.product.tracking };
  const quick = { claimMilliseconds: 50, lookMilliseconds: 50, afterTrouble: () => 20, ...pauses };
  stops.push(watchMailbox(deps, quick));
}
const settings = (changes: object = {}) => ({
  isOn: true,
  host: "127.0.0.1",
  port: server.port,
  tls: "none",
  trustedCertificate: null,
  username: server.user.username,
  password: server.user.password,
  folder: "INBOX",
  doneFolder: "Done",
  quarantineFolder: "Set aside",
  ...changes,
});

const idOf = (place = 0) => deliveryIds[place] ?? "";
const addressOf = (place = 0) =>
  `b+${mintTokens(idOf(place), 1, world.product.tracking.keys.mac).bounce}@bounces.sender.test`;
const bounce = (place = 0, id = `m${place}`) =>
  `Delivered-To: ${addressOf(place)}\r\nFrom: MAILER-DAEMON@there.test\r\nSubject: failure notice\r\nMessage-ID: <${id}@there.test>\r\n\r\n550 5.1.1 no such user\r\n`;
const state = async () => {
  const { body } = await admin.request("GET", "/api/feedback/mailbox");
  return (
    body as {
      mailbox: {
        taken: number;
        quarantined: number;
        waiting: number | null;
        trouble: { message: string } | null;
      };
    }
  ).mailbox;
};
const bounces = () => world.db.rows(sql`select delivery_id from bounces order by 1`);
const areTaken = (wanted: number) =>
  until(`${wanted} are taken and counted`, async () => {
    const { taken, quarantined, waiting } = await state();
    return taken + quarantined === wanted && waiting === 0 && server.mailsIn("INBOX")?.length === 0;
  });

describe("[D95] the mailbox", () => {
  test.each([
    ["with MOVE", true],
    ["without MOVE", false],
  ])("is emptied into another folder, %s; later mail is taken when it comes", async (_, canMove) => {
    server = await startImapServer({ canMove });
    await admin.request("PUT", "/api/feedback/mailbox", settings());
    server.deliver(bounce());
    watch({ lookMilliseconds: 600_000 });
    await areTaken(1);
    expect(server.mailsIn("Done")).toEqual([bounce()]);
    await until("it idles", async () => server.commands.at(-1) === "IDLE");
    server.deliver(bounce(1));
    await areTaken(2);
    expect(await bounces()).toEqual([{ delivery_id: idOf() }, { delivery_id: idOf(1) }]);
    expect(await state()).toMatchObject({ taken: 2, quarantined: 0, trouble: null });
    expect(await world.db.rows(sql`select distinct way from feedback`)).toEqual([{ way: "imap" }]);
  });

  test("is emptied for good where that is wished", async () => {
    await watched({}, { doneFolder: null });
    server.deliver(bounce());
    await until("it is deleted", async () => server.mailsIn("INBOX")?.length === 0);
    await until("it is counted", async () => (await state()).taken === 1);
    expect(server.mailsIn("Done")).toBeUndefined();
  });

  test("F-53: a backlog is worked in batches, by one process at a time", async () => {
    server = await startImapServer();
    for (let count = 0; count < 250; count++) server.deliver(bounce(0, `backlog-${count}`));
    await admin.request("PUT", "/api/feedback/mailbox", settings());
    watch();
    watch();
    let most = 0;
    await until("the folder is empty", async () => {
      most = Math.max(most, server.signedIn());
      return server.mailsIn("INBOX")?.length === 0 && (await state()).taken === 250;
    });
    expect(most).toBe(1);
    expect(server.mailsIn("Done")).toHaveLength(250);
    expect(server.commands.filter((command) => command === "UID MOVE")).toHaveLength(3);
    expect(await bounces()).toHaveLength(1);
  });

  test("F-53: what cannot be recorded and what is too large is set aside, and what was sent by people is kept as not understood", async () => {
    await world.db.run(sql`alter table feedback add constraint no_poison check (subject <> 'poison')`);
    server = await startImapServer();
    server.deliver(bounce(1).replace("failure notice", "poison"));
    server.deliver(`Subject: huge\r\n\r\n${"x".repeat(20 * 1024 * 1024)}`);
    server.deliver("Subject: hello\r\nFrom: a@b.test\r\n\r\nHow are you?\r\n");
    server.deliver(bounce());
    await admin.request("PUT", "/api/feedback/mailbox", settings());
    watch();
    await areTaken(4);
    expect(server.mailsIn("Set aside")).toHaveLength(2);
    expect(await state()).toMatchObject({ taken: 2, quarantined: 2 });
    expect(await bounces()).toEqual([{ delivery_id: idOf() }]);
    expect(
      await world.db.rows(sql`select kind, delivery_id from feedback where kind = 'not-understood'`),
    ).toEqual([{ kind: "not-understood", delivery_id: null }]);
  });

  test("[D47] F-53: what was committed and could not be moved counts once; the connection is made again", async () => {
    let cuts = 3;
    await watched({ before: (command) => (command === "UID MOVE" && cuts-- > 0 ? "hang-up" : undefined) });
    server.deliver(bounce());
    await areTaken(1);
    expect(server.mailsIn("Done")).toHaveLength(1);
    expect(await bounces()).toHaveLength(1);
    expect(await world.db.rows(sql`select from feedback`)).toHaveLength(1);
  });

  test("nothing is moved while the database takes nothing, and nothing is set aside for it", async () => {
    server = await startImapServer();
    await admin.request("PUT", "/api/feedback/mailbox", settings());
    await world.db.run(
      sql`create function refuse() returns trigger language plpgsql as $$ begin raise exception using errcode = '53100'; end $$`,
    );
    await world.db.run(
      sql`create trigger refuse before insert on feedback for each statement execute function refuse()`,
    );
    server.deliver(bounce());
    watch();
    await until("trouble is shown", async () => (await state()).trouble !== null);
    expect((await state()).trouble?.message).toMatch(/^What came cannot be recorded now: /);
    expect(server.mailsIn("INBOX")).toHaveLength(1);
    await world.db.run(sql`drop trigger refuse on feedback`);
    await areTaken(1);
    expect(server.mailsIn("Set aside")).toEqual([]);
    expect(await state()).toMatchObject({ taken: 1, trouble: null });
  });

  test("trouble is shown until it is over; new settings are taken at once", async () => {
    await watched({}, { password: "wrong" });
    await until("trouble is shown", async () => (await state()).trouble !== null);
    expect((await state()).trouble?.message).toContain("does not take this user name and password");
    server.deliver(bounce());
    await admin.request("PUT", "/api/feedback/mailbox", settings());
    await areTaken(1);
    await admin.request("PUT", "/api/feedback/mailbox", settings({ isOn: false }));
    await until("nobody is signed in", async () => server.signedIn() === 0);
    await admin.request("PUT", "/api/feedback/mailbox", settings());
    await until("it is looked into again", async () => server.signedIn() === 1);
    expect((await admin.request("DELETE", "/api/feedback/mailbox")).body).toEqual({ mailbox: null });
    await until("nobody is signed in", async () => server.signedIn() === 0);
  });
});

test("[D95] what another process has is left alone until its lease is over", async () => {
  server = await startImapServer();
  await admin.request("PUT", "/api/feedback/mailbox", settings());
  await world.db.run(
    sql`update bounce_mailbox set lease_owner = gen_random_uuid(), lease_until = now() + interval '1 hour'`,
  );
  server.deliver(bounce());
  watch();
  let asked = 0;
  await until("it has asked a few times", async () => ++asked > 20);
  expect(server.connections()).toBe(0);
  await world.db.run(sql`update bounce_mailbox set lease_until = now() - interval '1 second'`);
  await areTaken(1);
});

test("[D95] a server that says nothing keeps no process from stopping", async () => {
  server = await startImapServer({ isSilent: true });
  await admin.request("PUT", "/api/feedback/mailbox", settings());
  watch();
  await until("it is called", async () => server.connections() === 1);
  const began = performance.now();
  await stops.pop()?.();
  expect(performance.now() - began).toBeLessThan(10_000);
});

describe("[D94] settings", () => {
  const tryOut = async (changes: object) =>
    (await admin.request("POST", "/api/feedback/mailbox/test", settings(changes))).body as {
      works: boolean;
      message: string;
    };

  test.each(["none", "starttls", "implicit"] as const)(
    "are tried out with encryption %s, and change nothing",
    async (tls) => {
      server = await startImapServer({ tls });
      server.deliver(bounce());
      const host = "localhost";
      const trustedCertificate = tls === "none" ? null : testCertificate.cert;
      expect(await tryOut({ tls, host, trustedCertificate })).toEqual({
        works: true,
        message: "The mailbox works. In “INBOX” there are now 1.",
      });
      expect(server.mailsIn("INBOX")).toHaveLength(1);
      expect(server.mailsIn("Done")).toBeUndefined();
      if (tls !== "none")
        expect((await tryOut({ tls, host })).message).toMatch(
          /^The certificate of localhost is not trusted: /,
        );
    },
  );

  test("say in plain words what does not work", async () => {
    server = await startImapServer();
    const words = async (changes: object) => (await tryOut(changes)).message;
    expect(await words({ password: "wrong" })).toMatch(
      /^The server does not take this user name and password\. It says: /,
    );
    expect(await words({ folder: "Nowhere" })).toBe("There is no folder “Nowhere” that can be opened.");
    expect(await words({ port: 1 })).toBe("Nothing listens at 127.0.0.1, port 1.");
    expect(await words({ host: "nobody.invalid" })).toBe("Nobody knows a server called nobody.invalid.");
    expect(await words({ tls: "starttls" })).toMatch(/^The connection to 127\.0\.0\.1, port \d+, broke: /);
  });

  test("the password is sealed, never shown, and goes nowhere else than where it was given for", async () => {
    server = await startImapServer();
    const { password, ...rest } = settings();
    expect((await admin.request("PUT", "/api/feedback/mailbox", rest)).status).toBe(400);
    await admin.request("PUT", "/api/feedback/mailbox", settings({ isOn: false }));
    const kept = await world.db.first<{ box: Buffer }>(sql`select password_box as box from bounce_mailbox`);
    expect(kept?.box.toString("latin1")).not.toContain(password);
    expect(JSON.stringify((await admin.request("GET", "/api/feedback/mailbox")).body)).not.toContain("word");
    expect(
      (await admin.request("PUT", "/api/feedback/mailbox", { ...rest, isOn: false, folder: "Other" })).status,
    ).toBe(200);
    expect((await admin.request("POST", "/api/feedback/mailbox/test", rest)).body).toMatchObject({
      works: true,
    });
    const elsewhere = { ...rest, host: "localhost" };
    for (const [method, path] of [
      ["PUT", ""],
      ["POST", "/test"],
    ] as const)
      expect(await admin.request(method, `/api/feedback/mailbox${path}`, elsewhere)).toMatchObject({
        status: 400,
        body: { code: "feedback.mailbox-password-needed" },
      });
    expect(
      (await admin.request("PUT", "/api/feedback/mailbox", settings({ doneFolder: "INBOX" }))).status,
    ).toBe(400);
  });
});
