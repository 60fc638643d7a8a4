import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { z } from "zod";

/** Nothing that talks to the outside by itself, and nothing that asks on a first run. */
const quiet = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
  "--font-render-hinting=none",
];

/** Starts a headless Chromium with a new profile: the one from npm on Linux, an installed Chrome elsewhere. */
export async function launchBrowser(): Promise<Browser> {
  if (process.platform !== "linux" || process.arch !== "x64")
    return chromium.launch({ channel: "chrome", args: quiet });
  const directory = unpackChromium();
  // Chromium's sandbox does not run as root.
  const args = process.getuid?.() === 0 ? [...quiet, "--no-sandbox"] : quiet;
  return chromium.launch({
    executablePath: join(directory, "chromium"),
    args,
    env: { ...process.env, FONTCONFIG_FILE: tellOfFonts(directory) },
  });
}

/** The package's own font settings name the shared temporary directory; ours name where its fonts really are. */
function tellOfFonts(directory: string): string {
  const file = join(directory, "fonts.conf");
  const { pid } = process;
  writeFileSync(
    `${file}.${pid}`,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${join(directory, "fonts")}</dir><cachedir>${join(directory, "fonts-cache")}</cachedir></fontconfig>
`,
  );
  renameSync(`${file}.${pid}`, file);
  return file;
}

/**
 * Unpacks the browser once, beside the packages. The package itself unpacks into the shared temporary directory, where
 * two runs at once would see half a file.
 */
function unpackChromium(): string {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const home = join(dirname(entry), "..");
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(home, "package.json"), "utf8")));
  const cache = join(home, "..", "..", ".cache");
  const final = join(cache, `postroad-chromium-${version}`);
  if (existsSync(final)) return final;
  mkdirSync(cache, { recursive: true });
  const staging = mkdtempSync(join(cache, "unpacking-"));
  const program = `const { default: chromium } = await import("@sparticuz/chromium"); await chromium.executablePath();`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    env: { ...process.env, TMPDIR: staging },
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`Chromium could not be unpacked: ${stderr}`);
  try {
    renameSync(staging, final);
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    if (!existsSync(final)) throw error; // another run was faster
  }
  return final;
}
