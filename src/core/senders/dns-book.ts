/** Kinds of DNS records that the checks ask for. An MX value is "10 mail.example.com". */
export const dnsTypes = ["TXT", "A", "AAAA", "MX", "PTR"] as const;
export type DnsType = (typeof dnsTypes)[number];

export type Question = { readonly type: DnsType; readonly name: string };

/** What a look into DNS gave: values (split strings of a TXT joined), nothing there, or no answer at all. */
export type Answer =
  | { readonly kind: "found"; readonly values: readonly string[] }
  | { readonly kind: "absent" }
  | { readonly kind: "failed"; readonly reason: string };

/** What is known of DNS. A question that is not answered yet is noted in `open`, and fails for now. */
export type DnsBook = {
  readonly ask: (type: DnsType, name: string) => Answer;
  readonly open: readonly Question[];
};

export const questionKey = ({ type, name }: Question) => `${type} ${name}`;

/** A label of a name that can be asked for; underscores are for services. */
const askable = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/;

/**
 * Opens what is known so far. Checks are pure functions over a book: whoever runs them looks up what they left open and runs
 * them again, until nothing is open. Thus no rule of a check lives outside core, however many look-ups it leads to.
 */
export function openBook(known: ReadonlyMap<string, Answer>): DnsBook {
  const open: Question[] = [];
  return {
    open,
    ask(type, written) {
      const name = written.toLowerCase().replace(/\.$/, "");
      if (!askable.test(name)) return { kind: "absent" };
      const question = { type, name };
      const answer = known.get(questionKey(question));
      if (answer) return answer;
      open.push(question);
      return { kind: "failed", reason: "not asked yet" };
    },
  };
}

/** The values of an answer, none unless it was found. */
export function valuesOf(answer: Answer): readonly string[] {
  return answer.kind === "found" ? answer.values : [];
}

/** "tag=value; tag=value" as DKIM, DMARC and BIMI records write it: spaces do not matter, names are lower case. */
export function tagsOf(text: string): Map<string, string> {
  return new Map(
    text.split(";").flatMap((tag) => {
      const at = tag.indexOf("=");
      return at < 0 ? [] : [[tag.slice(0, at).trim().toLowerCase(), tag.slice(at + 1).trim()] as const];
    }),
  );
}

/** The name without its first label; empty at the end. */
export function parentOf(domain: string): string {
  const dot = domain.indexOf(".");
  return dot < 0 ? "" : domain.slice(dot + 1);
}
