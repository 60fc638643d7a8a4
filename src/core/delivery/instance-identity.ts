import { z } from "zod";

/** What the database says of itself. */
export const DatabaseIdentity = z.object({
  /** Made anew at the first start and at each confirmation. */
  id: z.string(),
  /** Former ids that were confirmed to be this one. */
  formerly: z.array(z.string()).default([]),
  /** Only grows, about once a minute while something sends. */
  epoch: z.number().int(),
  /** The server, its timeline and the database in it when the id was made. */
  place: z.string(),
});
export type DatabaseIdentity = z.infer<typeof DatabaseIdentity>;

/** What a node keeps in a file of its own data directory. */
export const NodeMemory = z.object({
  id: z.string(),
  epoch: z.number().int(),
  /** The directory that the file was written into: a copy has another one. */
  directory: z.string(),
});
export type NodeMemory = z.infer<typeof NodeMemory>;

export type Judgement =
  | { readonly kind: "same" }
  /** Somebody has confirmed it since this node last looked: its file is brought up to date. */
  | { readonly kind: "adopt" }
  | { readonly kind: "restored"; readonly why: string };

/**
 * [D32] Is this database, seen from this node, the one it was? A node without a file is a new one and no reason to doubt.
 * `place` is null where the server does not tell.
 */
export function judgeIdentity(
  database: DatabaseIdentity,
  node: NodeMemory | undefined,
  seen: { readonly place: string | null; readonly directory: string },
): Judgement {
  if (seen.place !== null && seen.place !== database.place)
    return restored("The database is in another place than before: it was restored, copied or moved.");
  if (!node) return { kind: "adopt" };
  if (node.id !== database.id)
    return database.formerly.includes(node.id)
      ? { kind: "adopt" }
      : restored("This data directory has worked with another database before.");
  if (node.directory !== seen.directory)
    return restored("The data directory is a copy of another one, which may be running.");
  if (node.epoch > database.epoch)
    return restored("The database is older than this node has seen it: it was restored from a backup.");
  return { kind: "same" };
}

function restored(why: string): Judgement {
  return { kind: "restored", why };
}
