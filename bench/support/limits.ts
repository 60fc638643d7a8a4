import type { CountingSink } from "../sink/counting-sink.ts";
import type { Everyday } from "./everyday.ts";
import type { Signature } from "./prepare-letter.ts";
import type { Figure } from "./report.ts";
import type { Stretch } from "./sampler.ts";
import { measureRawSmtp, measureRendering, measureRsa } from "./yardsticks.ts";

type Setting = { readonly connections: number; readonly signed: Signature };

const limitName = "limit: messages a second by a raw client";
const rsaName = "limit: RSA-2048 signatures a second";

/** What the same machine does without a ledger: taken before the run, while nothing else of the bench works. */
export async function measureYardsticks(
  sink: CountingSink,
  { connections, signed }: Setting,
): Promise<Figure[]> {
  const rendering = await measureRendering();
  const raw = await measureRawSmtp(sink, connections);
  const figures: Figure[] = [
    {
      name: limitName,
      value: raw.perSecond,
      unit: "/s",
      note: "one process, a message that is ready, the product's connections, the same sink",
    },
    {
      name: "in isolation: rendering and wire gate",
      value: rendering.cpuPerPiece,
      unit: "µs",
      note: "a message",
    },
    { name: "in isolation: SMTP", value: raw.cpuPerPiece, unit: "µs", note: "a message, client alone" },
  ];
  if (signed !== "rsa") return figures;
  const rsa = await measureRsa();
  return [
    ...figures,
    { name: rsaName, value: rsa.perSecond, unit: "/s", note: "all cores" },
    { name: "in isolation: RSA-2048 signature", value: rsa.cpuPerPiece, unit: "µs", note: "without hashing" },
  ];
}

/** The steady middle as a share of each limit. */
export function ratiosOf(middle: Stretch | undefined, yardsticks: readonly Figure[]): Figure[] {
  if (!middle) return [];
  return yardsticks
    .filter(({ name }) => name === limitName || name === rsaName)
    .map(({ name, value }) => ({
      name: `steady middle / ${name.replace("limit: ", "")}`,
      value: (middle.perSecond / value) * 100,
      unit: "%",
    }));
}

export const everydayFact = "the everyday alternative sent the letter to each of its recipients once";

/** The steady middle beside what a team would write first. */
export function compare(middle: Stretch | undefined, { perSecond, cpuPerPiece, seen }: Everyday): Figure[] {
  const figures: Figure[] = [
    {
      name: "everyday alternative: messages a second",
      value: perSecond,
      unit: "/s",
      note: `nodemailer's pool, LiquidJS, one update a message; ${(seen.bytes / seen.messages / 1024).toFixed(1)} KB each`,
    },
    {
      name: "everyday alternative: processor time a message",
      value: cpuPerPiece,
      unit: "µs",
      note: "without the sink",
    },
  ];
  if (!middle) return figures;
  const { senders = 0, PostgreSQL = 0 } = middle.cpuPerPiece;
  return [
    ...figures,
    { name: "steady middle / everyday alternative", value: middle.perSecond / perSecond, unit: "times" },
    {
      name: "the same by processor time",
      value: cpuPerPiece / (senders + PostgreSQL),
      unit: "times",
      note: "depends little on what else the machine does",
    },
  ];
}
