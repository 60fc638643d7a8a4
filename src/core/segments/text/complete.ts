import type { Schema } from "../check-condition.ts";
import type { FieldType } from "../field.ts";
import type { ReferenceKind } from "../references.ts";
import { callWords, interactionOfWord, journeyWords, subjectOf } from "./words.ts";

/** Something that may be written at a place: what is inserted from `from` on, and a word about it. */
export type Completion = { readonly label: string; readonly detail: string };
export type Completions = { readonly from: number; readonly options: readonly Completion[] };

/** What may be written at an offset of an unfinished text: fields, rules, operators, names, what goes into brackets. */
export function completeText(text: string, offset: number, schema: Schema): Completions {
  const before = text.slice(0, offset);
  const quote = openQuote(before);
  if (quote !== undefined) {
    const options = quotedOptions(before.slice(0, quote), schema);
    return {
      from: quote + 1,
      options: options.map(({ label, detail }) => ({ label: escaped(label), detail })),
    };
  }
  const from = offset - (/[A-Za-z_]\w*$/.exec(before)?.[0].length ?? 0);
  return { from, options: wordOptions(before.slice(0, from).trimEnd(), schema) };
}

/** Where the text that is being quoted begins; undefined outside of quotes. A quote closes on its line. */
function openQuote(before: string): number | undefined {
  const line = before.lastIndexOf("\n") + 1;
  let open: number | undefined;
  for (let at = line; at < before.length; at++) {
    if (open !== undefined && before[at] === "\\") at++;
    else if (before[at] === '"') open = open === undefined ? at : undefined;
  }
  return open;
}

function wordOptions(before: string, schema: Schema): readonly Completion[] {
  const call = openCall(before);
  if (call?.word === "count") return /where$/i.test(before) ? [] : [option("where", "only items that …")];
  const field = schema.fields.find(({ key }) => new RegExp(`(^|[\\s(])${key}$`).test(before));
  if (call === undefined && field)
    return operatorOptions[field.type].map((label) => option(label, "operator"));
  if (call !== undefined && callWords.includes(call.word) && !["all", "any"].includes(call.word))
    return /[(,]$/.test(before) ? partOptions(call.word) : [];
  if (before === "" || /(^|[\s(])(and|or|not)$|[(,]$/i.test(before)) return startOptions(schema);
  return [option("and", "both"), option("or", "either")];
}

function startOptions({ fields }: Schema): readonly Completion[] {
  return [
    ...fields.map(({ key, label }) => option(key, label)),
    ...callWords.map((word) => option(`${word}(`, "rule")),
    option("mailable", "may be mailed"),
    option("not", "the opposite"),
    option("everyone", "all contacts"),
  ];
}

function partOptions(word: string): readonly Completion[] {
  if (word !== "did" && interactionOfWord(word) === undefined) return [];
  return [
    "last 30 days",
    "last 24 hours",
    "at least 2 times",
    "journey",
    "event",
    "link",
    "including machines",
  ]
    .filter((label) => label !== "link" || word === "clicked")
    .map((label) => option(label, "narrow down"));
}

const dates = ["on", "before", "after", "between", "in last 30 days", "in next 7 days", "is empty"];
const operatorOptions: { readonly [type in FieldType]: readonly string[] } = {
  text: ["=", "!=", "contains", "starts with", "ends with", "in", "is empty", "is not empty"],
  number: ["=", "!=", "<", "<=", ">", ">=", "between", "is empty"],
  boolean: ["= true", "= false", "is empty"],
  date: dates,
  datetime: dates,
  choice: ["=", "!=", "has any", "is empty"],
  choices: ["has any", "has all", "is empty"],
  list: ["is empty", "is not empty"],
};

function quotedOptions(before: string, { fields, catalog }: Schema): readonly Completion[] {
  const call = openCall(before);
  const kind = call && referenceIn(call.word, call.inside);
  if (kind) return catalog[kind].map(({ id, name }) => option(name, id));
  const key =
    /([a-z][a-z0-9_]*)\s*(?:=|!=|(?:not\s+)?in\s*\([^()]*|has(?:\s+(?:any|all))?\s*\(?[^()]*)\s*$/i.exec(
      before,
    )?.[1];
  const field = fields.find((each) => each.key === key);
  return (field?.choices ?? []).map((choice) => option(choice, field?.label ?? ""));
}

/** What a name in the brackets of a rule refers to, given what stands before it there. */
function referenceIn(word: string, inside: string): ReferenceKind | undefined {
  const named = /(message|journey|event)\s*$/i.exec(inside)?.[1]?.toLowerCase();
  if (named === "message" || named === "journey" || named === "event") return named;
  if (/(link|tile)\s*$/i.test(inside)) return undefined;
  if (word === "subscribed") return "topic";
  if (word === "in_segment") return "segment";
  if (Object.values(journeyWords).some((each) => each === word)) return "journey";
  const interaction = interactionOfWord(word);
  return interaction === undefined ? undefined : subjectOf(interaction);
}

/** The innermost rule whose bracket is open, and what stands in it so far. */
function openCall(before: string): { readonly word: string; readonly inside: string } | undefined {
  const bare = before.replace(/"(?:[^"\\\n]|\\.)*"/g, (quoted) => " ".repeat(quoted.length));
  let depth = 0;
  for (let at = bare.length - 1; at >= 0; at--) {
    if (bare[at] === ")") depth++;
    if (bare[at] !== "(") continue;
    if (depth-- > 0) continue;
    const word = /([A-Za-z_]\w*)$/.exec(bare.slice(0, at))?.[1]?.toLowerCase();
    return word !== undefined && callWords.includes(word) ? { word, inside: bare.slice(at + 1) } : undefined;
  }
  return undefined;
}

function option(label: string, detail: string): Completion {
  return { label, detail };
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
