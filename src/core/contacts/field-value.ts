import { fail, ok, type Result } from "../kernel/result.ts";
import { type ContactField, contactFields } from "./contact-field.ts";

const languageTag = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i;
const timeZone = /^(?:UTC|[A-Za-z]+(?:[_+-][A-Za-z0-9]+)*(?:\/[A-Za-z0-9]+(?:[_+-][A-Za-z0-9]+)*){1,2})$/;
const control = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * Judges a text for one of the fields that every contact has. It is trimmed; line breaks and control characters are
 * refused, so that no field can break out of a header (RFC 5322 2.2). Empty text is no value: null.
 */
export function readFieldText(field: ContactField, input: string): Result<string | null, string> {
  const text = input.trim();
  const { label, maxLength } = contactFields[field];
  if (text === "") return ok(null);
  if (text.length > maxLength) return fail(`${label} is longer than ${maxLength} characters.`);
  if (control.test(text)) return fail(`${label} has a line break or control character in it.`);
  switch (field) {
    case "language":
      return languageTag.test(text) ? ok(text) : fail("Expected a language like de or pt-BR.");
    case "timeZone":
      return timeZone.test(text) ? ok(text) : fail("Expected a time zone like Europe/Berlin.");
    case "country":
      return /^[A-Za-z]{2}$/.test(text)
        ? ok(text.toUpperCase())
        : fail("Expected a country like DE, in two letters.");
    default:
      return ok(text);
  }
}
