import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findInstance, lockInstance } from "./instance-lock.ts";

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "postroad-lock-"));
});
afterEach(() => rmSync(data, { recursive: true }));

describe("the lock on a data directory", () => {
  test("a second taker is told who holds it and where", () => {
    const first = lockInstance(data);
    if (!("lock" in first)) throw new Error("the first taker was refused");
    const places = { address: "http://127.0.0.1:3000", mailboxSmtpPort: 3025 };
    first.lock.announce(places);
    expect(lockInstance(data)).toEqual({
      heldBy: { pid: process.pid, started: expect.any(String), ...places },
    });
    first.lock.release();
    expect(findInstance(data)).toBeUndefined();
    expect("lock" in lockInstance(data)).toBe(true);
  });

  test("the lock of a killed process counts for nothing", async () => {
    const program = `import { lockInstance } from ${JSON.stringify(import.meta.resolve("./instance-lock.ts"))};
      lockInstance(${JSON.stringify(data)});
      process.kill(process.pid, "SIGKILL");`;
    await once(spawn(process.execPath, ["--input-type=module", "-e", program]), "exit");
    expect(readdirSync(data)).toContain("postroad.lock");
    expect("lock" in lockInstance(data)).toBe(true);
  });

  test("a process id that was given to another program does not hold the lock", () => {
    const lock = { pid: process.pid, started: "another boot 123", address: "", mailboxSmtpPort: 0 };
    writeFileSync(join(data, "postroad.lock"), JSON.stringify(lock));
    expect("lock" in lockInstance(data)).toBe(true);
  });

  test("a lock file that a power cut left half written counts for nothing", () => {
    writeFileSync(join(data, "postroad.lock"), '{"pid":');
    expect("lock" in lockInstance(data)).toBe(true);
  });
});
