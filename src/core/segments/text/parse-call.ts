import { fromId } from "../../kernel/ids.ts";
import type { Count, InteractionRule, ItemCondition, Rule } from "../condition.ts";
import { nearest } from "../nearest.ts";
import type { ReferenceKind } from "../references.ts";
import { SyntaxProblem, type Token } from "./lex.ts";
import { parseFieldRule } from "./parse-field-rule.ts";
import { type Parsing, parseGroup } from "./parse-group.ts";
import { parseDay, parseText, parseWhole } from "./parse-test.ts";
import { refuseToken, type TokenReader } from "./token-reader.ts";
import { callWords, interactionOfWord, journeyWords, subjectOf } from "./words.ts";

/** Reads a rule in brackets: `clicked("Invite", last 30 days)`, `subscribed("News")`, `count(orders) >= 2`. */
export function parseCall(parsing: Parsing): Rule {
  const { reader } = parsing;
  const token = reader.next();
  const word = token.text.toLowerCase();
  reader.expect("(");
  if (word === "count") return parseItems(parsing);
  if (word === "subscribed")
    return close(reader, { kind: "topic", topicId: parseReference(parsing, "topic") });
  if (word === "in_segment")
    return close(reader, { kind: "segment", segmentId: parseReference(parsing, "segment") });
  if (word === journeyWords.in) return parseJourney(parsing, "in");
  if (word === journeyWords.entered) return parseJourney(parsing, "entered");
  if (word === journeyWords.finished) return parseJourney(parsing, "finished");
  if (word === "did") return parseCustom(parsing);
  const interaction = interactionOfWord(word);
  if (interaction !== undefined) return parseInteraction(parsing, interaction);
  const meant = nearest(word, callWords);
  throw new SyntaxProblem(
    `There is no rule ${token.text}( … ).`,
    token.span,
    meant ? `Did you mean ${meant}?` : null,
  );
}

function close<Parsed>(reader: TokenReader, parsed: Parsed): Parsed {
  reader.expect(")");
  return parsed;
}

/** [SG9] A name must belong to exactly one thing; an id such as msg_12 is always exact. */
function parseReference({ reader, catalog, report }: Parsing, kind: ReferenceKind): string {
  const token = reader.next();
  if (token.kind === "word" && fromId(kind, token.text) !== undefined) return token.text;
  if (token.kind !== "string") refuseToken(token, `the name of a ${kind} in quotes`, quoted(token));
  const found = catalog[kind].filter(({ name }) => name === token.value);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.id;
  const meant = nearest(
    token.value,
    catalog[kind].map(({ name }) => name),
  );
  report({
    ...token.span,
    code: only ? "segment-text.ambiguous-name" : "segment-text.unknown-name",
    message: only
      ? `${found.length} ${kind}s are called ${token.text}.`
      : `There is no ${kind} called ${token.text}.`,
    suggestion: only
      ? `Write one of their ids: ${found.map(({ id }) => id).join(", ")}`
      : meant === undefined
        ? null
        : `Did you mean ${JSON.stringify(meant)}?`,
  });
  return placeholderIds[kind];
}

/** Stands in for a name that was reported, so that reading can go on. */
const placeholderIds = {
  message: "msg_1",
  journey: "jrn_1",
  event: "evt_1",
  topic: "top_1",
  segment: "seg_1",
};

function quoted(token: Token): string | null {
  return token.kind === "word" ? `"${token.text}"` : null;
}

function parseItems(parsing: Parsing): Rule {
  const { reader } = parsing;
  const name = reader.next();
  if (name.kind !== "word" && name.kind !== "name") refuseToken(name, "the field of a list");
  const where: ItemCondition = reader.take("where")
    ? parseGroup(parsing, parseFieldRule)
    : { kind: "all", of: [] };
  reader.expect(")");
  const symbol = reader.next();
  const amount = parseWhole(reader);
  const count: Count | undefined = {
    ">=": { operator: "at-least" as const, value: amount },
    ">": { operator: "at-least" as const, value: amount + 1 },
    "<=": { operator: "at-most" as const, value: amount },
    "<": { operator: "at-most" as const, value: amount - 1 },
    "=": { operator: "exactly" as const, value: amount },
  }[symbol.text];
  if (count === undefined) return refuseToken(symbol, "=, >= or <= and a number", null);
  return { kind: "items", field: name.kind === "name" ? name.value : name.text, where, count };
}

function parseJourney(parsing: Parsing, state: "in" | "entered" | "finished"): Rule {
  const { reader } = parsing;
  const journeyId = parseReference(parsing, "journey");
  if (!reader.take(",")) return close(reader, { kind: "journey", journeyId, state });
  reader.expect("tile");
  return close(reader, { kind: "journey", journeyId, state, nodeId: parseText(reader) });
}

function parseCustom(parsing: Parsing): Rule {
  const { reader } = parsing;
  const name = parseText(reader);
  if (!reader.is(")")) reader.expect(",");
  return parseInteraction(parsing, name.startsWith("x:") ? name : `x:${name}`);
}

/** The parts in the brackets of an interaction, in any order, each at most once. */
function parseInteraction(parsing: Parsing, interaction: string): Rule {
  const { reader } = parsing;
  let rule: InteractionRule = {
    kind: "interaction",
    interaction,
    count: { operator: "at-least", value: 1 },
    window: { kind: "ever" },
  };
  if (reader.take(")")) return rule;
  const seen = new Set<string>();
  do {
    const first = reader.peek();
    const part = parsePart(parsing, interaction);
    for (const key of Object.keys(part)) {
      if (seen.has(key)) throw new SyntaxProblem("This is said twice.", reader.spanFrom(first));
      seen.add(key);
    }
    rule = { ...rule, ...part };
  } while (reader.take(","));
  return close(reader, rule);
}

type Part = Partial<
  Pick<InteractionRule, "messageId" | "journeyId" | "eventId" | "link" | "machines" | "count" | "window">
>;

function parsePart(parsing: Parsing, interaction: string): Part {
  const { reader } = parsing;
  const token = reader.peek();
  if (token.kind === "string") return parseSubject(parsing, subjectOf(interaction));
  if (fromId("message", token.text) !== undefined) return parseSubject(parsing, "message");
  if (fromId("event", token.text) !== undefined) return parseSubject(parsing, "event");
  if (reader.take("message")) return parseSubject(parsing, "message");
  if (reader.take("event")) return parseSubject(parsing, "event");
  if (reader.take("journey")) return { journeyId: parseReference(parsing, "journey") };
  if (reader.take("link")) return { link: parseText(reader) };
  if (reader.take("including")) {
    reader.expect("machines");
    return { machines: true };
  }
  return parseCount(reader) ?? parseWindow(reader) ?? refusePart(reader.peek());
}

function parseSubject(parsing: Parsing, kind: "message" | "event"): Part {
  const id = parseReference(parsing, kind);
  return kind === "message" ? { messageId: id } : { eventId: id };
}

function parseCount(reader: TokenReader): Part | undefined {
  let operator: Count["operator"];
  if (reader.take("exactly")) operator = "exactly";
  else if (reader.take("at")) {
    operator = reader.is("most") ? "at-most" : "at-least";
    if (!reader.take("most")) reader.expect("least");
  } else return undefined;
  const value = parseWhole(reader);
  if (!reader.take("time")) reader.expect("times");
  return { count: { operator, value } };
}

function parseWindow(reader: TokenReader): Part | undefined {
  if (reader.take("between")) {
    const from = parseDay(reader);
    reader.expect("and");
    return { window: { kind: "between", from, to: parseDay(reader) } };
  }
  if (!reader.take("last")) return undefined;
  const amount = parseWhole(reader);
  if (reader.take("hour") || reader.take("hours")) return { window: { kind: "last", amount, unit: "hours" } };
  if (!reader.take("day")) reader.expect("days");
  return { window: { kind: "last", amount, unit: "days" } };
}

function refusePart(token: Token): never {
  return refuseToken(
    token,
    'a name in quotes, last 30 days, at least 2 times, link "…", journey "…" or including machines',
    token.kind === "word" ? quoted(token) : null,
  );
}
