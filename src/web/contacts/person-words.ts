type Named = { readonly firstName: string | null; readonly lastName: string | null };

/** First and last name as one; empty if there is neither. */
export function fullName({ firstName, lastName }: Named): string {
  return [firstName, lastName].filter(Boolean).join(" ");
}

/** The name of a country by its ISO 3166-1 code, in the reader's language; the code itself if it is none. */
export function countryName(code: string, locale?: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: "region" }).of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
}

/** Region codes that name no country: unions, private use and pseudo-locales. */
const noCountry = new Set([
  "EU",
  "EZ",
  "UN",
  "QO",
  "ZZ",
  "XA",
  "XB",
  "AC",
  "CP",
  "CQ",
  "DG",
  "EA",
  "IC",
  "TA",
]);
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** All countries with their names in the reader's language, by name. Codes that were replaced (DD, SU) are left out. */
export function listCountries(
  locale?: string,
): readonly { readonly value: string; readonly label: string }[] {
  const names = new Intl.DisplayNames(locale, { type: "region", fallback: "none" });
  const codes = [...letters].flatMap((first) => [...letters].map((second) => first + second));
  return codes
    .flatMap((code) => {
      const label = names.of(code);
      const isCurrent = Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
      return label && isCurrent && !noCountry.has(code) ? [{ value: code, label }] : [];
    })
    .sort((left, right) => left.label.localeCompare(right.label, locale));
}

/** Time zones for choosing; keeps one that a contact has already, even if this browser does not know it. */
export function listTimeZones(current: string): readonly string[] {
  const known = ["UTC", ...Intl.supportedValuesOf("timeZone")];
  return current && !known.includes(current) ? [current, ...known] : known;
}
