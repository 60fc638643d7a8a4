import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { startCountingSink } from "../sink/counting-sink.ts";
import { prepareLetter } from "../support/prepare-letter.ts";
import type { Figure, Report } from "../support/report.ts";
import { enqueueAll, sendAll, steadyMiddle } from "../support/send-run.ts";
import { openWorkplace } from "../support/workplace.ts";

/** Sends one mailing after another, each larger than the last, with new sender processes, and looks at their memory. */
export async function measureMemory(args: readonly string[]): Promise<Report> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: "string", default: "10000,100000,1000000" },
      processes: { type: "string", default: "1" },
      connections: { type: "string", default: "10" },
    },
  });
  const sizes = values.sizes.split(",").map(Number);
  const processes = Number(values.processes);
  const connections = Number(values.connections);
  const load = loadavg()[0] ?? 0;
  const sink = await startCountingSink();
  const workplace = await openWorkplace();
  const figures: Figure[] = [];
  const proofs: Report["proofs"][number][] = [];
  const peaks: number[] = [];
  try {
    const { versionId } = await prepareLetter(workplace, {
      contacts: Math.max(...sizes),
      port: sink.port,
      connections,
      signed: "none",
    });
    for (const contacts of sizes) {
      const { mailingId } = await enqueueAll(workplace.db, versionId, contacts);
      await sink.reset();
      const run = await sendAll(workplace, sink, mailingId, { contacts, processes });
      const peak = Math.max(...run.sampler.samples.map(({ memory }) => memory.all));
      const all = contacts.toLocaleString("en");
      peaks.push(peak);
      figures.push(
        {
          name: `${all} recipients: steady`,
          value: steadyMiddle(run, contacts)?.memory.all ?? Number.NaN,
          unit: "MB",
        },
        { name: `${all} recipients: peak`, value: peak, unit: "MB" },
      );
      proofs.push({
        fact: `the sink took ${all} messages, each delivery id exactly once`,
        holds: run.seen.messages === contacts && run.seen.distinct === contacts,
      });
    }
    return {
      title: "Memory of the sender",
      work:
        `resident memory of ${processes} sender process${processes === 1 ? "" : "es"} with everything they started, ` +
        `${connections} connections each, sending a personalised letter without DKIM; load average at the start ${load.toFixed(1)}`,
      figures: [
        ...figures,
        {
          name: "largest peak / peak of the smallest mailing",
          value: Math.max(...peaks) / (peaks[0] ?? Number.NaN),
          unit: "times",
        },
      ],
      proofs,
    };
  } finally {
    await workplace.stop();
    await sink.stop();
  }
}
