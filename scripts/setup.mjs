/**
 * Runs before every npm script, on any Node, with nothing installed yet: makes sure that the packages of
 * package-lock.json are there and that Node 24 or newer is, or says what to do. Does nothing, quickly, when all is well.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const wantedNode = 24;

/**
 * Compares what is wanted with what npm noted about what it installed. The note is the last thing npm writes, so
 * an installation that was cut short counts as missing.
 * @param {string} root
 * @returns {"current" | "missing" | "outdated"}
 */
export function packageState(root) {
  const note = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(note)) return "missing";
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const present = JSON.parse(readFileSync(note, "utf8")).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.startsWith("node_modules/") || entry.link) continue;
    // Packages for other systems are never installed here.
    if (!present[path] && (entry.optional || entry.devOptional)) continue;
    if (present[path]?.version !== entry.version) return "outdated";
  }
  return "current";
}

/**
 * The major version of the Node that npm scripts will run: the one from npm when it is there, else this one.
 * @param {string} root
 */
export function nodeVersion(root) {
  const own = Number.parseInt(process.versions.node, 10);
  if (own >= wantedNode) return own;
  const bundled = join(root, "node_modules", ".bin", process.platform === "win32" ? "node.cmd" : "node");
  if (!existsSync(bundled)) return own;
  const { stdout } = spawnSync(bundled, ["--version"], {
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  return Number.parseInt(String(stdout).slice(1), 10) || own;
}

/**
 * Installs the versions of the lock file. `npm ci` would do the same, but refuses when the registry that wrote the lock
 * file lacks an optional package of some other system; `npm install` passes over it. No package's script is run.
 * @param {string} root
 */
async function install(root) {
  const args = ["install", "--no-save", "--include=dev", "--include=optional", "--ignore-scripts"];
  args.push("--no-audit", "--no-fund");
  const npm = process.env.npm_execpath;
  const [program, first] = npm?.endsWith("js") ? [process.execPath, [npm]] : ["npm", []];
  const began = Date.now();
  const show = process.stdout.isTTY
    ? () => process.stdout.write(`\r  Installing packages … ${Math.round((Date.now() - began) / 1000)} s `)
    : () => undefined;
  if (!process.stdout.isTTY) console.log("  Installing packages …");
  const timer = setInterval(show, 1000);
  show();
  const child = spawn(program, [...first, ...args, "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32" && program === "npm",
  });
  let output = "";
  child.stdout.on("data", (text) => {
    output += text;
  });
  child.stderr.on("data", (text) => {
    output += text;
  });
  const code = await new Promise((resolve) => {
    child.once("error", () => resolve(1));
    child.once("close", resolve);
  });
  clearInterval(timer);
  if (process.stdout.isTTY) process.stdout.write("\r");
  if (code !== 0) {
    console.error(
      `${output.trim()}\n\n  The packages could not be installed (npm install failed, see above).`,
    );
    console.error("  Check the connection to the npm registry and run the command again.");
    process.exit(1);
  }
  console.log(`  Packages installed in ${Math.round((Date.now() - began) / 1000)} s.   `);
}

/** @param {string} root */
export async function setUp(root) {
  const state = packageState(root);
  if (state !== "current") {
    const modules = lstatSync(join(root, "node_modules"), { throwIfNoEntry: false });
    // A linked node_modules is looked after elsewhere (a second worktree); installing would destroy it there.
    if (modules?.isSymbolicLink())
      console.warn(
        `  node_modules is a link and its packages are ${state}; run npm install where it points to.`,
      );
    else await install(root);
  }
  const version = nodeVersion(root);
  if (version >= wantedNode) return;
  console.error(`
  Postroad needs Node ${wantedNode} or newer; this is Node ${process.versions.node}, and npm has none for
  ${process.platform} ${process.arch} among the optional packages.
  Install Node ${wantedNode} from https://nodejs.org (or with nvm, fnm, volta) and run the command again.
`);
  process.exit(1);
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href)
  await setUp(dirname(dirname(fileURLToPath(import.meta.url))));
