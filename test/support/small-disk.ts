import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";

/** Puts a disk of this size (`5m`) at a directory; false where the user may not. */
export function mountSmallDisk(directory: string, size: string): boolean {
  mkdirSync(directory, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", directory], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Takes all room that is left. */
export function fillDisk(file: string): void {
  const handle = openSync(file, "a");
  const bytes = Buffer.alloc(64 * 1024);
  try {
    for (let size = bytes.length; size >= 1; ) {
      try {
        writeSync(handle, bytes, 0, size);
      } catch {
        size = Math.floor(size / 2);
      }
    }
  } finally {
    closeSync(handle);
  }
}
