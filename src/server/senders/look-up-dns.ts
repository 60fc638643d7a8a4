import { Resolver } from "node:dns/promises";
import { type Answer, type DnsBook, openBook, type Question, questionKey } from "#core/senders/dns-book.ts";

/** Asks DNS one question. */
export type LookUp = (question: Question) => Promise<Answer>;

/** Asks these resolvers, or those of this machine, without waiting long. */
export function openResolver(servers: readonly string[]): LookUp {
  const resolver = new Resolver({ timeout: 3000, tries: 2 });
  if (servers.length > 0) resolver.setServers([...servers]);
  return async ({ type, name }) => {
    try {
      const values = await ask(resolver, type, name);
      return values.length > 0 ? { kind: "found", values } : { kind: "absent" };
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
      if (code === "ENOTFOUND" || code === "ENODATA") return { kind: "absent" };
      return { kind: "failed", reason: code };
    }
  };
}

async function ask(resolver: Resolver, type: Question["type"], name: string): Promise<string[]> {
  switch (type) {
    case "TXT":
      return (await resolver.resolveTxt(name)).map((strings) => strings.join(""));
    case "A":
      return resolver.resolve4(name);
    case "AAAA":
      return resolver.resolve6(name);
    case "MX":
      return (await resolver.resolveMx(name))
        .toSorted((a, b) => a.priority - b.priority)
        .map(({ priority, exchange }) => `${priority} ${exchange}`);
    case "PTR":
      return resolver.resolvePtr(name);
  }
}

/** No record in the world leads to so many look-ups unless it means to. */
const mostQuestions = 150;
const mostRounds = 25;

/** Runs a check over what DNS says: looks up what it left open, and runs it again until nothing is open. */
export async function askUntilClosed<Verdict>(
  judge: (book: DnsBook) => Verdict,
  lookUp: LookUp,
): Promise<{ readonly verdict: Verdict; readonly known: ReadonlyMap<string, Answer> }> {
  const known = new Map<string, Answer>();
  for (let round = 1; ; round++) {
    const book = openBook(known);
    const verdict = judge(book);
    const open = new Map(book.open.map((question) => [questionKey(question), question]));
    if (open.size === 0 || round > mostRounds) return { verdict, known };
    await Promise.all(
      [...open].map(async ([key, question]) => {
        const isTooMuch = known.size >= mostQuestions;
        known.set(key, isTooMuch ? { kind: "failed", reason: "too many look-ups" } : await lookUp(question));
      }),
    );
  }
}
