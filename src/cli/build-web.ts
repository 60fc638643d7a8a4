import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const output = join(root, "dist", "web");
const note = join(root, "dist", "web.hash");
const sources = ["src/{web,core,contract}/**/*", "sdk/**/*.ts", "package-lock.json", "postcss.config.*"];

/**
 * Makes sure that the built web app is the one of these sources. Says whether it had to be built. The build runs in a
 * process of its own, whose memory goes back to the machine.
 */
export async function buildWeb(): Promise<{ readonly directory: string; readonly isNew: boolean }> {
  const hash = hashSources();
  if (existsSync(join(output, "index.html")) && existsSync(note) && readFileSync(note, "utf8") === hash)
    return { directory: output, isNew: false };
  await runVite();
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(note, hash);
  return { directory: output, isNew: true };
}

function hashSources(): string {
  const hash = createHash("sha256");
  const files = globSync(sources, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("node_modules"))
    .sort();
  for (const path of files) hash.update(`${path.slice(root.length)}\0`).update(readFileSync(path));
  return hash.digest("hex");
}

async function runVite(): Promise<void> {
  const vite = join(createRequire(import.meta.url).resolve("vite/package.json"), "..", "bin", "vite.js");
  const args = [vite, "build", "--config", "src/web/vite.config.ts", "--logLevel", "warn"];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const output: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => output.push(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => output.push(text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`The web app could not be built:\n${output.join("").slice(-4000)}`);
}
