import { loadStatement, type Transaction } from "#server/platform/index.ts";

/** How much a live number moves. `exit` is an exit, or 'arrived', 'end', 'stopped'. */
export type Delta = { readonly tileId: string; readonly exit: string; readonly total: number };

const statement = loadStatement(import.meta.url, "./queries/add-totals.sql");

/** [J3] Moves live numbers, in the transaction that moves the visits and as its last step: their rows are shared. */
export async function addTotals(tx: Transaction, versionId: string, deltas: readonly Delta[]): Promise<void> {
  if (deltas.length === 0) return;
  await tx.named(statement, [
    versionId,
    deltas.map(({ tileId }) => tileId),
    deltas.map(({ exit }) => exit),
    deltas.map(({ total }) => total),
  ]);
}
