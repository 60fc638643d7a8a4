import type { FieldType } from "../../messages/contact-schema.ts";
import { readAddress } from "../address.ts";
import { type AttributeRule, readAttributeText } from "../attribute-value.ts";
import type { ContactField } from "../contact-field.ts";
import { readFieldText } from "../field-value.ts";
import type { Column, ColumnTarget } from "./column.ts";

/** Headers by which files of other products and spreadsheets name our fields, letters and digits only. */
const names: Readonly<Record<string, "email" | ContactField>> = {
  email: "email",
  emailaddress: "email",
  mail: "email",
  emailadresse: "email",
  subscriberemail: "email",
  correo: "email",
  firstname: "firstName",
  givenname: "firstName",
  forename: "firstName",
  vorname: "firstName",
  fname: "firstName",
  prenom: "firstName",
  nombre: "firstName",
  lastname: "lastName",
  surname: "lastName",
  familyname: "lastName",
  nachname: "lastName",
  lname: "lastName",
  apellido: "lastName",
  language: "language",
  lang: "language",
  locale: "language",
  sprache: "language",
  timezone: "timeZone",
  tz: "timeZone",
  zeitzone: "timeZone",
  country: "country",
  countrycode: "country",
  land: "country",
  pais: "country",
  city: "city",
  town: "city",
  stadt: "city",
  ort: "city",
  ville: "city",
  ciudad: "city",
};

const plain = (text: string) =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");

function keyOf(header: string): string {
  const key = header
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+|_+$/g, "")
    .slice(0, 40);
  return key === "" ? "column" : key;
}

/** The narrowest type that every sampled value fits; text if there is none to see. */
function guessType(values: readonly string[]): FieldType {
  const filled = values.filter((value) => value.trim() !== "");
  if (filled.length === 0) return "text";
  const fits = (type: FieldType) =>
    filled.every((value) => readAttributeText({ key: "", type, choices: [] }, value).ok);
  if (filled.some((value) => /^[+0]\d/.test(value.trim()))) return "text"; // telephone numbers and post codes
  return (["number", "date", "datetime", "boolean"] as const).find(fits) ?? "text";
}

/** True if most of the values that there are can be taken over like this. */
function mostly(values: readonly string[], isGood: (value: string) => boolean): boolean {
  const filled = values.filter((value) => value.trim() !== "");
  return filled.length === 0 || filled.filter(isGood).length * 2 > filled.length;
}

/**
 * Guesses what becomes of each column, from its header and its first values. No target is guessed twice; a column whose
 * values do not fit the field it is named after becomes an attribute, and without a header it is ignored.
 */
export function guessColumns(
  headers: readonly string[],
  sample: readonly (readonly string[])[],
  attributes: readonly (AttributeRule & { readonly label: string })[],
  hasHeader: boolean,
  isReserved: (key: string) => boolean,
): Column[] {
  const taken = new Set<string>();
  const take = (name: string, target: ColumnTarget): ColumnTarget | undefined => {
    if (taken.has(name)) return undefined;
    taken.add(name);
    return target;
  };
  const isAddress = (value: string) => readAddress(value, (domain) => domain).ok;

  function known(header: string, values: readonly string[]): ColumnTarget | undefined {
    const word = plain(header);
    const field = Object.hasOwn(names, word) ? names[word] : undefined;
    if (field === "email") return take("email", { kind: "email" });
    if (field !== undefined && mostly(values, (value) => readFieldText(field, value).ok))
      return take(field, { kind: "field", field });
    const attribute = attributes.find(({ key, label }) => plain(key) === word || plain(label) === word);
    return attribute && take(`attribute ${attribute.key}`, { kind: "attribute", key: attribute.key });
  }

  function fresh(header: string, values: readonly string[]): ColumnTarget {
    const base = keyOf(header);
    const isTaken = (key: string) =>
      isReserved(key) || taken.has(`attribute ${key}`) || attributes.some((each) => each.key === key);
    let key = base;
    for (let n = 2; isTaken(key); n++) key = `${base}_${n}`;
    taken.add(`attribute ${key}`);
    return { kind: "new-attribute", key, label: header.trim().slice(0, 200) || key, type: guessType(values) };
  }

  const columns = headers.map((header, index) => {
    const values = sample.map((row) => row[index] ?? "");
    return { header, values, target: hasHeader ? known(header, values) : undefined };
  });
  if (!taken.has("email")) {
    const email = columns.find(
      ({ target, values }) => !target && values.some(isAddress) && mostly(values, isAddress),
    );
    if (email) email.target = { kind: "email" };
  }
  return columns.map(({ header, values, target }) => ({
    header,
    target: target ?? (hasHeader ? fresh(header, values) : { kind: "ignore" }),
  }));
}
