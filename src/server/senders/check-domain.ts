import { Resolver } from "node:dns/promises";
import { judgeRecord, type Lookup, type RecordFinding, wantedRecords } from "#core/senders/domain-records.ts";
import type { Platform } from "../platform/index.ts";
import { type DomainRow, getDomain, setFindings } from "./domains.ts";

/** Asks DNS for the texts at a name; strings of one record come apart. */
export type ResolveTxt = (name: string) => Promise<string[][]>;

/** Asks the resolvers of this machine, without waiting long. */
export function systemResolver(): ResolveTxt {
  const resolver = new Resolver({ timeout: 3000, tries: 2 });
  return (name) => resolver.resolveTxt(name);
}

/** Looks up every record that a domain should have and keeps what was found. */
export async function checkDomain(
  { db, clock }: Pick<Platform, "db" | "clock">,
  id: string,
  resolveTxt: ResolveTxt,
): Promise<DomainRow> {
  const { domain, keys } = await getDomain(db, id);
  const findings = await Promise.all(
    wantedRecords(domain, keys).map(async (wanted): Promise<RecordFinding> => {
      const finding = judgeRecord(wanted, await lookUp(resolveTxt, wanted.name));
      return wanted.check === "dmarc" && finding.state === "missing"
        ? ((await findInherited(resolveTxt, domain, wanted)) ?? finding)
        : finding;
    }),
  );
  await setFindings(db, id, findings, clock.now());
  return getDomain(db, id);
}

async function lookUp(resolveTxt: ResolveTxt, name: string): Promise<Lookup> {
  try {
    return { kind: "found", texts: (await resolveTxt(name)).map((strings) => strings.join("")) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOTFOUND" || code === "ENODATA") return { kind: "absent" };
    return { kind: "failed", reason: code };
  }
}

/** A subdomain without a DMARC record of its own has that of its nearest parent (RFC 9989, tree walk). */
async function findInherited(
  resolveTxt: ResolveTxt,
  domain: string,
  wanted: ReturnType<typeof wantedRecords>[number],
): Promise<RecordFinding | undefined> {
  for (let parent = parentOf(domain); parent.includes("."); parent = parentOf(parent)) {
    const finding = judgeRecord(wanted, await lookUp(resolveTxt, `_dmarc.${parent}`));
    if (finding.state === "ok")
      return { ...finding, message: `Inherited from ${parent}. ${finding.message}` };
  }
  return undefined;
}

function parentOf(domain: string): string {
  return domain.slice(domain.indexOf(".") + 1);
}
