import type { breakdowns } from "#contract/insights.ts";
import { paths } from "../app/paths.ts";

export type Breakdown = (typeof breakdowns)[number];

type Kind = {
  readonly kind: Breakdown;
  readonly singular: string;
  readonly plural: string;
  readonly href: (given: { readonly id: string }) => string;
  /** What its numbers are told apart by. */
  readonly parts: readonly Breakdown[];
};

/** What numbers can be of, by the prefix of its id. */
const kinds: Readonly<Record<string, Kind>> = {
  jrn: {
    kind: "journey",
    singular: "Journey",
    plural: "Journeys",
    href: paths.journeyInsights,
    parts: ["message", "mailing"],
  },
  msg: {
    kind: "message",
    singular: "Message",
    plural: "Messages",
    href: paths.messageInsights,
    parts: ["version", "mailing"],
  },
  mlv: {
    kind: "version",
    singular: "Live version",
    plural: "Live versions",
    href: paths.versionInsights,
    parts: ["mailing"],
  },
  tpl: {
    kind: "template",
    singular: "Template",
    plural: "Templates",
    href: paths.templateInsights,
    parts: ["message"],
  },
  mlg: {
    kind: "mailing",
    singular: "Mailing",
    plural: "Mailings",
    href: paths.mailingInsights,
    parts: [],
  },
};

/** What kind of thing an id names; undefined for an id that numbers cannot be of. */
export function kindOf(id: string): Kind | undefined {
  return kinds[id.slice(0, 3)];
}

/** The words for a kind. */
export function wordsOf(kind: Breakdown): Kind {
  const found = Object.values(kinds).find((one) => one.kind === kind);
  if (!found) throw new Error(`No words for ${kind}`);
  return found;
}

/** Where the numbers of a row of a breakdown are. */
export function hrefOf(id: string): string {
  return kindOf(id)?.href({ id }) ?? paths.insights();
}
