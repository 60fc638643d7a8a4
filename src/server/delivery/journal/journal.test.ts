import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listJournals, openJournal, readJournal } from "./journal.ts";
import { isSameBoot, isSurelyDead, nameOwner } from "./owner.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "postroad-journal-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const now = new Date();
const first = { deliveryId: "9007199254740993", attempt: 1 };
const second = { deliveryId: "1024", attempt: 3 };

test("[D8] a journal tells what was started, what was answered and how", async () => {
  const owner = nameOwner(now);
  const journal = openJournal(directory, owner);
  void journal.noteStart(first);
  expect(await journal.noteStart(second)).toBe(true);
  journal.noteReply(second, 550, "5.1.10");
  await nextTurn();
  expect(readJournal(directory, owner, now)).toEqual({
    isComplete: true,
    noted: new Map([
      [first.deliveryId, { attempt: 1, reply: null }],
      [second.deliveryId, { attempt: 3, reply: { code: 550, enhanced: "5.1.10" } }],
    ]),
  });
});

test("[D8] all that one turn of the event loop brings is noted by one write, before any dot may follow", async () => {
  const owner = nameOwner(now);
  const writes: number[] = [];
  const journal = openJournal(directory, owner, (...args) => {
    if (args[3] < 1024) writes.push(args[3]);
    return writeSync(...args);
  });
  await journal.noteStart(first);
  journal.noteReply(first, 250, "2.6.0");
  const started = [second, { deliveryId: "1025", attempt: 1 }].map(journal.noteStart);
  expect(writes).toEqual([16]);
  expect(await Promise.all(started)).toEqual([true, true]);
  expect(writes).toEqual([16, 48]);
  expect([...readJournal(directory, owner, now).noted]).toEqual([
    [first.deliveryId, { attempt: 1, reply: { code: 250, enhanced: "2.6.0" } }],
    [second.deliveryId, { attempt: 3, reply: null }],
    ["1025", { attempt: 1, reply: null }],
  ]);
});

test("[D8] more than fits into one write is noted by several", async () => {
  const owner = nameOwner(now);
  const journal = openJournal(directory, owner);
  const ids = Array.from({ length: 1500 }, (_, n) => String(n + 1));
  const started = await Promise.all(ids.map((deliveryId) => journal.noteStart({ deliveryId, attempt: 1 })));
  expect(started.every(Boolean)).toBe(true);
  expect([...readJournal(directory, owner, now).noted.keys()]).toEqual(ids);
});

test("[D8] a torn last record is left out", async () => {
  const owner = nameOwner(now);
  const journal = openJournal(directory, owner);
  void journal.noteStart(second);
  journal.noteReply(second, 250, null);
  await nextTurn();
  truncateSync(listJournals(directory)[0]?.file ?? "", 30);
  expect(readJournal(directory, owner, now).noted.get("1024")).toEqual({ attempt: 3, reply: null });
});

test("[D8] a journal that is not here, or from before a restart of the machine, does not say all", async () => {
  expect(readJournal(directory, nameOwner(now), now).isComplete).toBe(false);
  const [, ...rest] = nameOwner(now).split("-");
  const elsewhere = ["0123456789", ...rest].join("-");
  await openJournal(directory, elsewhere).noteStart(first);
  expect(readJournal(directory, elsewhere, now)).toMatchObject({ isComplete: false });
  expect(readJournal(directory, elsewhere, now).noted.size).toBe(1);
  expect(isSameBoot(elsewhere, now)).toBe(false);
});

test("a journal leaves nothing behind once all is settled", async () => {
  const journal = openJournal(directory, nameOwner(now));
  for (let id = 1; id <= 600_000; id += 400) {
    const group = Array.from({ length: 400 }, (_, n) => ({ deliveryId: String(id + n), attempt: 1 }));
    await Promise.all(group.map(journal.noteStart));
    for (const delivery of group) if (Number(delivery.deliveryId) > 10) journal.noteSettled(delivery);
  }
  expect(readdirSync(directory)).toHaveLength(2);
  for (let id = 1; id <= 10; id++) journal.noteSettled({ deliveryId: String(id), attempt: 1 });
  expect(readdirSync(directory)).toHaveLength(1);
  journal.close();
  expect(readdirSync(directory)).toEqual([]);
});

test("a process is surely dead once it is gone, and not while it lives", async () => {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  const [boot, space] = nameOwner(now).split("-");
  const owner = [boot, space, child.pid, "0", "cafe"].join("-");
  expect(isSurelyDead(owner, now)).toBe(false);
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
  expect(isSurelyDead(owner, now)).toBe(true);
  expect(isSurelyDead(["otherboot", space, child.pid, "0", "cafe"].join("-"), now)).toBe(false);
});

test("[D60] F-29: a record that the disk does not take whole is not noted, and the next ones stay readable", async () => {
  const owner = nameOwner(now);
  let room = Number.POSITIVE_INFINITY;
  const journal = openJournal(directory, owner, (file, bytes, offset, length, position) => {
    if (room === 0) throw new Error("ENOSPC: no space left on device");
    const taken = Math.min(room, length);
    room -= taken;
    return writeSync(file, bytes, offset, taken, position);
  });
  expect(journal.fault()).toBeUndefined();
  expect(await journal.noteStart(first)).toBe(true);
  room = 7;
  expect(await journal.noteStart(second)).toBe(false);
  expect(journal.fault()).toContain("ENOSPC");
  journal.noteReply(first, 250, "2.6.0");
  await nextTurn();
  expect(readJournal(directory, owner, now)).toEqual({
    isComplete: true,
    noted: new Map([[first.deliveryId, { attempt: 1, reply: null }]]),
  });
  room = Number.POSITIVE_INFINITY;
  expect(journal.fault()).toBeUndefined();
  expect(await journal.noteStart(second)).toBe(true);
  journal.noteReply(second, 250, null);
  await nextTurn();
  expect(readJournal(directory, owner, now).noted).toEqual(
    new Map([
      [first.deliveryId, { attempt: 1, reply: { code: 250, enhanced: "2.6.0" } }],
      [second.deliveryId, { attempt: 3, reply: { code: 250, enhanced: null } }],
    ]),
  );
});

test("[D60] F-29: a journal for which there is no room is made as soon as there is", async () => {
  const owner = nameOwner(now);
  let isFull = true;
  const journal = openJournal(directory, owner, (...write) => {
    if (isFull) throw new Error("ENOSPC: no space left on device");
    return writeSync(...write);
  });
  expect(await journal.noteStart(first)).toBe(false);
  expect(journal.fault()).toContain("ENOSPC");
  expect(readdirSync(directory)).toEqual([]);
  isFull = false;
  expect(journal.fault()).toBeUndefined();
  expect(await journal.noteStart(first)).toBe(true);
  journal.noteSettled(first);
  journal.close();
  expect(readdirSync(directory)).toEqual([]);
});
