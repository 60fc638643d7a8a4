import { domainToASCII } from "node:url";
import { type Address, readAddress } from "#core/contacts/address.ts";
import type { FormTraces } from "#core/pages/form-guard.ts";
import { madeField, trapField } from "#core/pages/form-guard.ts";
import { readSignedText, signText } from "#core/tracking/signed-text.ts";
import type { TrackingKeys } from "../tracking/index.ts";

/** The fields of a posted form: text only, few, and never more than a person would write. */
export function formFields(body: unknown): Readonly<Record<string, string>> {
  if (typeof body !== "object" || body === null) return {};
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(body).slice(0, 200))
    if (typeof value === "string") fields[name] = value.replaceAll("\0", "").toWellFormed().slice(0, 1000);
  return fields;
}

/** Reads an address as people write it; undefined if mail cannot be sent to it. */
export function parseAddress(text: string): Address | undefined {
  const read = readAddress(text, domainToASCII);
  return read.ok ? read.value : undefined;
}

/** The signed time that a form carries to tell when it was made. */
export function signMade(keys: TrackingKeys, form: string, now: Date): string {
  return signText(`form/${form}`, String(now.getTime()), keys.current(), keys.mac);
}

/** What a posted form says about who filled it in. */
export function tracesOf(
  keys: TrackingKeys,
  form: string,
  fields: Readonly<Record<string, string>>,
): FormTraces {
  const made = readSignedText(`form/${form}`, fields[madeField] ?? "", keys.mac);
  return { trap: fields[trapField] ?? "", madeAt: made === undefined ? undefined : new Date(Number(made)) };
}
