import { pages } from "../../src/web/app/pages.ts";
import type { FilledWorkspace } from "./filled-workspace.ts";

/** The addresses of every page of the app, those with an id once for each thing of the workspace, and a wrong one. */
export function everyPage({ ids }: FilledWorkspace): readonly string[] {
  const addresses = pages.flatMap(({ path }) => {
    if (!path.includes("$id")) return [path];
    const kind = path.split("/").at(-2) ?? "";
    const known = ids[kind];
    if (!known?.[0]) throw new Error(`The filled workspace has no ${kind} for ${path}`);
    return known.map((id) => path.replace("$id", id));
  });
  return [...addresses, "/nothing-here"];
}
