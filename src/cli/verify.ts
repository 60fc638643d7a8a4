import { verifyConsent } from "../server/consent/index.ts";
import { verifyDelivery, verifyIdentity, verifyProgress, verifyWishes } from "../server/delivery/index.ts";
import { verifyJourneys } from "../server/journeys/index.ts";
import { createLog, openDatabase, type Queries, readConfig } from "../server/platform/index.ts";
import { provideDatabase } from "../server/platform/provide-database.ts";
import { verifyTracking } from "../server/tracking/index.ts";

type Proof = {
  readonly name: string;
  /** What is proved, for a person. */
  readonly claim: string;
  /** One sentence for each row that contradicts the claim. */
  readonly contradict: (db: Queries) => Promise<readonly string[]>;
};

const figures = ({ total, firsts }: { readonly total: number; readonly firsts: number }) =>
  `${total} (${firsts} first)`;
const standing = (granted: boolean | null) =>
  granted === null ? "nothing" : granted ? "granted" : "withdrawn";

/** Everything that is kept beside the rows it sums up. */
const proofs: readonly Proof[] = [
  {
    name: "delivery",
    claim: "every recipient has one fate or is queued, and totals are what their rows say",
    contradict: verifyDelivery,
  },
  {
    name: "wishes",
    claim: "nothing was begun to an address that had been stopped before",
    contradict: verifyWishes,
  },
  {
    name: "progress",
    claim: "no lease outlived its sender, and nothing that is due stands still without a reason",
    contradict: verifyProgress,
  },
  {
    name: "instance",
    claim: "this is the live installation, not a restored or copied one",
    contradict: verifyIdentity,
  },
  {
    name: "tracking",
    claim: "totals and hours of interactions are what their rows say",
    contradict: async (db) =>
      (await verifyTracking(db)).map(
        ({ keptIn, mailingId, kind, agent, place, kept, counted }) =>
          `Mailing ${mailingId}: ${kind} by ${agent}, ${keptIn === "hours" ? "hour" : "link"} ${place}, ` +
          `is counted as ${figures(kept)}, its rows are ${figures(counted)}.`,
      ),
  },
  {
    name: "journeys",
    claim: "the numbers on every tile are what its visits and passages say",
    contradict: async (db) =>
      (await verifyJourneys(db)).map(
        ({ versionId, tileId, exit, total, rows }) =>
          `Journey version ${versionId}, tile ${tileId}: ${exit} is counted as ${total}, its rows are ${rows}.`,
      ),
  },
  {
    name: "consent",
    claim: "where every address stands is the fold of its ledger",
    contradict: async (db) =>
      (await verifyConsent(db)).map(
        ({ addressKey, topicId, kept, since, eventId, folded }) =>
          `Address ${addressKey}, ${topicId === "0" ? "all commercial mail" : `topic ${topicId}`}: kept is ${standing(kept)}` +
          `${since ? ` since ${since.toISOString()} by event ${eventId}` : ""}, the ledger says ${standing(folded)}.`,
      ),
  },
];

const shownContradictions = 20;

/** Runs every proof on a database and says how each went. True if all hold. Nothing is changed. */
export async function proveAll(db: Queries, say: (line: string) => void): Promise<boolean> {
  let holds = true;
  for (const { name, claim, contradict } of proofs) {
    const contradictions = await contradict(db);
    say(`${contradictions.length === 0 ? "✓" : "✗"} ${name.padEnd(9)} ${claim}`);
    for (const sentence of contradictions.slice(0, shownContradictions)) say(`    ${sentence}`);
    const more = contradictions.length - shownContradictions;
    if (more > 0) say(`    … and ${more} more.`);
    if (contradictions.length > 0) holds = false;
  }
  return holds;
}

/** `postroad verify`: proves kept numbers against their rows, on DATABASE_URL or the embedded database; exit code 1 if one is wrong. */
export async function verify(): Promise<void> {
  const config = readConfig(process.env);
  const database = await provideDatabase(config);
  const db = openDatabase(database.url, createLog(config.logLevel), 1);
  try {
    if (!(await proveAll(db, (line) => console.log(`  ${line}`)))) process.exitCode = 1;
  } finally {
    await db.close();
    await database.release();
  }
}
