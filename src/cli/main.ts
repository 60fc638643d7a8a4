import { enableCompileCache } from "node:module";
import { join } from "node:path";

type Command = {
  readonly summary: string;
  readonly load: () => Promise<(args: readonly string[]) => Promise<void>>;
};

/** Each command is loaded when it is asked for, so that none waits for the packages of another. */
const commands: Readonly<Record<string, Command>> = {
  start: {
    summary: "start everything, or one part with --role web|tracker|sender|scheduler",
    load: async () => (await import("./start.ts")).start,
  },
  seed: {
    summary: "fill an empty workspace with a demo (--contacts N)",
    load: async () => (await import("./seed/seed.ts")).seed,
  },
  migrate: {
    summary: "bring the database up to date without starting",
    load: async () => (await import("./migrate.ts")).migrateDatabase,
  },
  reclassify: {
    summary: "judge stored hits again by the rules that hold now (--since DAY)",
    load: async () => (await import("./reclassify.ts")).reclassify,
  },
  verify: {
    summary: "prove every kept number against the rows it sums up",
    load: async () => (await import("./verify.ts")).verify,
  },
};

// What was read and compiled once is not read and compiled again: half the time of a start and a seventh of its memory. It lies
// with the packages, where nobody else on the machine can write; where this user cannot either, nothing is kept.
enableCompileCache(join(import.meta.dirname, "../../node_modules/.cache/compile"));

const [name = "help", ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;

if (command) {
  try {
    await (await command.load())(args);
  } catch (error) {
    console.error(`\n  ${error instanceof Error ? error.message : String(error)}\n`);
    if (process.env.POSTROAD_LOG === "debug") console.error(error);
    process.exitCode = 1;
  }
} else {
  const width = Math.max(...Object.keys(commands).map((each) => each.length));
  const lines = Object.entries(commands).map(([each, { summary }]) => `  ${each.padEnd(width)}  ${summary}`);
  console.log(`Usage: npm run postroad -- <command>\n\n${lines.join("\n")}\n`);
  if (!["help", "--help", "-h"].includes(name)) process.exitCode = 1;
}
