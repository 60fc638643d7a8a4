import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { verifyDelivery } from "#server/delivery/index.ts";
import { type SinkCounts, startCountingSink } from "../sink/counting-sink.ts";
import { measureEveryday } from "../support/everyday.ts";
import { compare, everydayFact, measureYardsticks, ratiosOf } from "../support/limits.ts";
import { prepareLetter, type Signature } from "../support/prepare-letter.ts";
import type { Figure, Report } from "../support/report.ts";
import type { Stretch } from "../support/sampler.ts";
import {
  enqueueAll,
  type Ledger,
  type Run,
  readLedger,
  sendAll,
  steadyMiddle,
  sumIds,
} from "../support/send-run.ts";
import { openWorkplace } from "../support/workplace.ts";

/**
 * Sends one letter to many contacts with the full ledger: PostgreSQL, senders and the SMTP sink are processes of their own on this
 * machine, and every delivery is looked for at the sink and in the ledger afterwards.
 */
export async function measureSend(args: readonly string[]): Promise<Report> {
  const options = readOptions(args);
  const load = loadavg()[0] ?? 0;
  const sink = await startCountingSink();
  const workplace = await openWorkplace();
  try {
    const yardsticks = await measureYardsticks(sink, options);
    const { versionId } = await prepareLetter(workplace, { ...options, port: sink.port });
    const enqueued = await enqueueAll(workplace.db, versionId, options.contacts);
    const run = await sendAll(workplace, sink, enqueued.mailingId, options);
    const ledger = {
      ...(await readLedger(workplace.db, enqueued.mailingId)),
      idSum: await sumIds(workplace.db, enqueued.mailingId),
    };
    const problems = await verifyDelivery(workplace.db);
    const middle = steadyMiddle(run, options.contacts);
    // The senders are gone by then.
    const everyday =
      options.everyday > 0
        ? await measureEveryday(workplace.db, sink, {
            ...options,
            messages: options.everyday,
            postgresPid: workplace.postgresPid,
          })
        : undefined;
    return {
      title: "Sending with the full ledger",
      ...(options.signed === "none" ? {} : { variant: options.signed }),
      work:
        `a personalised letter of ${(run.seen.bytes / Math.max(1, run.seen.messages) / 1024).toFixed(1)} KB to ` +
        `${options.contacts.toLocaleString("en")} contacts who agreed to its topic, ${signatures[options.signed]}, ` +
        `${options.processes} sender process${options.processes === 1 ? "" : "es"}, ${options.connections} connections each; ` +
        `load average at the start ${load.toFixed(1)}`,
      figures: [
        { name: "enqueue all", value: enqueued.seconds, unit: "s" },
        ...figuresOf(run, middle, options.contacts),
        ...yardsticks,
        ...ratiosOf(middle, yardsticks),
        ...(everyday ? compare(middle, everyday) : []),
      ],
      proofs: [
        ...proofsOf(run.seen, ledger, problems, options.contacts),
        ...(everyday ? [{ fact: everydayFact, holds: everyday.seen.distinct === options.everyday }] : []),
      ],
    };
  } finally {
    await workplace.stop();
    await sink.stop();
  }
}

type Options = {
  readonly contacts: number;
  readonly processes: number;
  readonly connections: number;
  readonly signed: Signature;
  /** Messages sent by the everyday alternative too; 0 leaves it out. */
  readonly everyday: number;
};

const signatures: Readonly<Record<Signature, string>> = {
  none: "without DKIM",
  rsa: "signed by DKIM (RSA-2048)",
  ed25519: "signed by DKIM (Ed25519)",
};

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      contacts: { type: "string", default: "1000000" },
      processes: { type: "string", default: "1" },
      connections: { type: "string", default: "10" },
      signed: { type: "string", default: "none" },
      everyday: { type: "string", default: "5000" },
    },
  });
  const { signed } = values;
  if (signed !== "none" && signed !== "rsa" && signed !== "ed25519")
    throw new Error("--signed is none, rsa or ed25519.");
  return {
    contacts: Number(values.contacts),
    processes: Number(values.processes),
    connections: Number(values.connections),
    signed,
    everyday: Math.min(Number(values.everyday), Number(values.contacts)),
  };
}

function figuresOf({ sampler, seconds }: Run, middle: Stretch | undefined, contacts: number): Figure[] {
  const peak = (of: "all" | "largest") => Math.max(...sampler.samples.map(({ memory }) => memory[of]));
  const overall: Figure[] = [
    {
      name: "messages a second, overall",
      value: contacts / seconds,
      unit: "/s",
      note: `${seconds.toFixed(1)} s from the start of the senders to the last fate in the ledger`,
    },
    { name: "peak memory of all sender processes", value: peak("all"), unit: "MB" },
    { name: "peak memory of the largest sender process", value: peak("largest"), unit: "MB" },
  ];
  if (!middle) return overall;
  const costs = Object.entries(middle.cpuPerPiece);
  return [
    {
      name: "messages a second, steady middle",
      value: middle.perSecond,
      unit: "/s",
      note: "10 % to 90 % of the messages",
    },
    ...costs.map(([name, value]) => ({ name: `processor time a message: ${name}`, value, unit: "µs" })),
    {
      name: "processor time a message: all",
      value: costs.reduce((sum, [, value]) => sum + value, 0),
      unit: "µs",
    },
    { name: "steady memory of all sender processes", value: middle.memory.all, unit: "MB" },
    ...overall,
  ];
}

function proofsOf(
  seen: SinkCounts,
  ledger: Ledger,
  problems: readonly string[],
  contacts: number,
): Report["proofs"] {
  const all = contacts.toLocaleString("en");
  return [
    {
      fact: `the sink took ${all} messages, each delivery id exactly once`,
      holds: seen.messages === contacts && seen.distinct === contacts && seen.repeated + seen.unnamed === 0,
    },
    {
      fact: `the ledger says that all ${all} were accepted, and its ids add up to those that the sink saw`,
      holds: ledger.accepted === contacts && ledger.idSum === seen.sum,
    },
    {
      fact: `every figure of the ledger follows from its rows${problems[0] ? `: ${problems[0]}` : ""}`,
      holds: problems.length === 0,
    },
  ];
}
