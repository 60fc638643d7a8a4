import { z } from "zod";

/**
 * Ids as people and the API see them: a three-letter prefix and the row's number, such as `cnt_1042`.
 * The prefix makes a wrong id visible; inside the database it is the bare number.
 */
export const idPrefixes = {
  user: "usr",
  apiKey: "key",
  contact: "cnt",
  import: "imp",
  topic: "top",
  suppression: "sup",
  segment: "seg",
  contentSettings: "cst",
  route: "rte",
  sendingDomain: "dom",
  dkimKey: "dkk",
  message: "msg",
  messageVersion: "mlv",
  template: "tpl",
  mailing: "mlg",
  delivery: "dlv",
  journey: "jrn",
  journeyVersion: "jlv",
  event: "evt",
  registration: "reg",
  report: "rpt",
  webhook: "whk",
} as const;

export type IdKind = keyof typeof idPrefixes;

/** Shows a row number as a public id. Numbers are decimal strings because they may exceed 2^53. */
export function toId(kind: IdKind, row: bigint | number | string): string {
  return `${idPrefixes[kind]}_${row}`;
}

/** Reads a public id back to its row number as a decimal string, or undefined if it is not one of this kind. */
export function fromId(kind: IdKind, id: string): string | undefined {
  const match = /^([a-z]{3})_([1-9][0-9]{0,18})$/.exec(id);
  return match?.[1] === idPrefixes[kind] ? match[2] : undefined;
}

/** Schema of an id of one kind, as it travels through the API. */
export function idSchema(kind: IdKind) {
  return z
    .string()
    .regex(new RegExp(`^${idPrefixes[kind]}_[1-9][0-9]{0,18}$`), `Expected an id like ${idPrefixes[kind]}_1`);
}
