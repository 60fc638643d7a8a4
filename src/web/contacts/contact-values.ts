/** A contact as a form holds it: text for every field, custom attributes as their values. */
export type ContactValues = {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly language: string;
  readonly timeZone: string;
  readonly country: string;
  readonly city: string;
  readonly attributes: Readonly<Record<string, unknown>>;
};

type Stored = {
  readonly [field in Exclude<keyof ContactValues, "email" | "attributes">]: string | null;
} & { readonly email: string; readonly attributes: Readonly<Record<string, unknown>> };

export const emptyContact: ContactValues = {
  email: "",
  firstName: "",
  lastName: "",
  language: "",
  timeZone: "",
  country: "",
  city: "",
  attributes: {},
};

/** Fills a form from a stored contact. */
export function toValues(contact: Stored): ContactValues {
  return {
    email: contact.email,
    firstName: contact.firstName ?? "",
    lastName: contact.lastName ?? "",
    language: contact.language ?? "",
    timeZone: contact.timeZone ?? "",
    country: contact.country ?? "",
    city: contact.city ?? "",
    attributes: contact.attributes,
  };
}

const orNull = (text: string) => (text.trim() === "" ? null : text.trim());

/** What to send: empty text clears a field, and an attribute that was emptied is sent as null. */
export function toBody(values: ContactValues) {
  const { email, attributes } = values;
  return {
    email: email.trim(),
    firstName: orNull(values.firstName),
    lastName: orNull(values.lastName),
    language: orNull(values.language),
    timeZone: orNull(values.timeZone),
    country: orNull(values.country),
    city: orNull(values.city),
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([key, value]) => [
        key,
        value === "" || value === undefined ? null : value,
      ]),
    ),
  };
}

/** An instant as `<input type="datetime-local">` wants it: local time without a zone. */
export function toLocalInput(instant: unknown): string {
  const at = new Date(typeof instant === "string" ? instant : Number.NaN);
  if (Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The instant that a local time means here, as ISO 8601 in UTC; null for none. */
export function fromLocalInput(local: string): string | null {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
