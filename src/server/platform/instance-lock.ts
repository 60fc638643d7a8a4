import { spawnSync } from "node:child_process";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Where an instance is reached: by people, and by senders of test mail. Empty and 0 while it starts. */
const places = z.object({ address: z.string(), mailboxSmtpPort: z.number() });
type Places = z.infer<typeof places>;
const holder = places.extend({ pid: z.number(), started: z.string() });
export type InstanceHolder = z.infer<typeof holder>;

export type InstanceLock = {
  /** Says where this instance can be reached, for whoever is refused and for further processes beside it. */
  readonly announce: (places: Places) => void;
  readonly release: () => void;
};

/**
 * Takes the data directory for this process, or says who has it. A lock whose process died, by kill -9 or a power
 * cut, counts for nothing, also when its process id was given to another program since.
 */
export function lockInstance(
  dataDirectory: string,
): { readonly lock: InstanceLock } | { readonly heldBy: InstanceHolder } {
  mkdirSync(dataDirectory, { recursive: true });
  const file = join(dataDirectory, "postroad.lock");
  const mine = `${file}.${process.pid}`;
  const write = (where: Places) =>
    writeFileSync(mine, JSON.stringify({ pid: process.pid, started: identify(process.pid), ...where }));
  write({ address: "", mailboxSmtpPort: 0 });
  try {
    for (;;) {
      try {
        linkSync(mine, file); // atomic, and never seen half written
        break;
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      }
      const heldBy = findInstance(dataDirectory);
      if (heldBy) return { heldBy };
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return {
    lock: {
      announce: (where) => {
        write(where);
        renameSync(mine, file);
      },
      release: () => rmSync(file, { force: true }),
    },
  };
}

/** Who runs on this data directory now; undefined for nobody. */
export function findInstance(dataDirectory: string): InstanceHolder | undefined {
  let text: string;
  try {
    text = readFileSync(join(dataDirectory, "postroad.lock"), "utf8");
  } catch {
    return undefined;
  }
  const parsed = holder.safeParse(parseJson(text));
  if (!parsed.success || identify(parsed.data.pid) !== parsed.data.started) return undefined;
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // cut short by a power cut
  }
}

/** When a process began, in words that no later process with the same id repeats; undefined when there is none. */
function identify(pid: number): string | undefined {
  if (process.platform === "linux") {
    try {
      const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // The second field, the name in brackets, may hold spaces; the state follows it, the start time is field 22.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return fields[0] === "Z" ? undefined : `${boot} ${fields[19]}`; // killed, only not yet collected by its parent
    } catch {
      return undefined;
    }
  }
  if (process.platform === "win32") {
    const { stdout } = spawnSync("tasklist", ["/FI", `PID eq ${pid}`, "/NH", "/FO", "CSV"], {
      encoding: "utf8",
    });
    return stdout.includes(`"${pid}"`) ? "running" : undefined;
  }
  return (
    spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim() || undefined
  );
}
