import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { addressKeyOf } from "./address-key.ts";
import { getSegment, note, type SegmentDeps } from "./save-segment.ts";
import { addMembers, findByAddressKeys, removeMembers } from "./store.ts";

/** Adds contacts (row numbers) to a static segment or takes them out. Gives how many this changed. */
export function changeMembers(
  { db, clock }: SegmentDeps,
  actor: Actor,
  change: {
    readonly segmentId: string;
    readonly contactIds: readonly string[];
    readonly how: "add" | "remove";
  },
): Promise<number> {
  const { segmentId, contactIds, how } = change;
  return db.transaction(async (tx) => {
    const segment = await getSegment(tx, segmentId);
    if (segment.kind !== "static") refuse("segment.not-static");
    if (segment.archivedAt) refuse("segment.archived");
    const changed =
      how === "add"
        ? await addMembers(tx, segmentId, contactIds, clock.now())
        : await removeMembers(tx, segmentId, contactIds);
    const action = how === "add" ? "segment.members-added" : "segment.members-removed";
    if (changed > 0) await note(tx, actor, action, segmentId, { name: segment.name, contacts: changed });
    return changed;
  });
}

/** Adds contacts to a static segment by their addresses; tells which of them nobody has. */
export async function addByAddress(
  deps: SegmentDeps,
  actor: Actor,
  {
    segmentId,
    contactIds,
    addresses,
  }: {
    readonly segmentId: string;
    readonly contactIds: readonly string[];
    readonly addresses: readonly string[];
  },
): Promise<{ readonly changed: number; readonly unknownAddresses: string[] }> {
  const found = await findByAddressKeys(deps.db, addresses.map(addressKeyOf));
  const known = new Set(found.map(({ key }) => key));
  const all = [...contactIds, ...found.map(({ id }) => id)];
  return {
    changed: await changeMembers(deps, actor, { segmentId, contactIds: all, how: "add" }),
    unknownAddresses: addresses.filter((address) => !known.has(addressKeyOf(address))),
  };
}
