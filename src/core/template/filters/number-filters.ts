import { toNumber, toText, type Value } from "../value.ts";
import type { Filter, Filters } from "./filter.ts";

function number(args: Filter["args"], run: (input: number, ...args: number[]) => number | null): Filter {
  return { args, run: (input, given) => run(toNumber(input), ...given.map(toNumber)) };
}

/** Keeps decimal sums such as 0.1 + 0.2 what people expect them to be. */
function tidy(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(15));
}

export const numberFilters: Filters = {
  plus: number([1, 1], (left, right = 0) => tidy(left + right)),
  minus: number([1, 1], (left, right = 0) => tidy(left - right)),
  times: number([1, 1], (left, right = 0) => tidy(left * right)),
  // Whole numbers divide to a whole number, as in Liquid. Dividing by zero gives nothing rather than stopping a mailing.
  divided_by: number([1, 1], (left, right = 0) => {
    if (right === 0) return null;
    const quotient = left / right;
    return Number.isInteger(left) && Number.isInteger(right) ? Math.floor(quotient) : tidy(quotient);
  }),
  modulo: number([1, 1], (left, right = 0) =>
    right === 0 ? null : tidy(left - right * Math.floor(left / right)),
  ),
  round: number([0, 1], (input, digits = 0) => {
    const places = Math.min(15, Math.max(-15, Math.trunc(digits)));
    const rounded = Number(`${Math.round(Number(`${Math.abs(input)}e${places}`))}e${-places}`);
    return Number.isFinite(rounded) ? Math.sign(input) * rounded : input;
  }),
  floor: number([0, 0], Math.floor),
  ceil: number([0, 0], Math.ceil),
  abs: number([0, 0], Math.abs),
  at_least: number([1, 1], (input, least = 0) => Math.max(input, least)),
  at_most: number([1, 1], (input, most = 0) => Math.min(input, most)),
  number: {
    args: [0, 1],
    run: (input, [digits], { locale }) => {
      if (isNothing(input)) return null;
      const places =
        digits === undefined ? undefined : Math.min(10, Math.max(0, Math.trunc(toNumber(digits))));
      return formatterOf(locale, places, undefined)(toNumber(input));
    },
  },
  currency: {
    args: [0, 1],
    run: (input, [code = "EUR"], { locale }) => {
      if (isNothing(input)) return null;
      const name = toText(code).toUpperCase();
      return /^[A-Z]{3}$/.test(name) ? formatterOf(locale, undefined, name)(toNumber(input)) : null;
    },
  },
};

function isNothing(value: Value): boolean {
  return value === null || value === "";
}

type Format = (value: number) => string;

const formatters = new Map<string, Format>();
/** Most often the same one is asked for again. */
let last:
  | {
      readonly locale: string;
      readonly places: number | undefined;
      readonly currency: string | undefined;
      readonly format: Format;
    }
  | undefined;
/** Prices repeat from message to message, and writing one costs more than looking it up. */
const keptNumbers = 1000;

function formatterOf(locale: string, places: number | undefined, currency: string | undefined): Format {
  if (last?.locale === locale && last.places === places && last.currency === currency) return last.format;
  const format = namedFormatter(locale, places, currency);
  last = { locale, places, currency, format };
  return format;
}

function namedFormatter(locale: string, places: number | undefined, currency: string | undefined): Format {
  const key = `${locale}|${places}|${currency}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(knownLocale(locale), {
    ...(currency === undefined ? {} : { style: "currency" as const, currency }),
    ...(places === undefined ? {} : { minimumFractionDigits: places, maximumFractionDigits: places }),
  });
  const format = remembering((value) => made.format(value));
  // Locales come from contacts, so their number has no bound but this one.
  if (formatters.size >= 500) formatters.clear();
  formatters.set(key, format);
  return format;
}

function remembering(format: Format): Format {
  const written = new Map<number, string>();
  return (value) => {
    // A map takes -0 for 0, and they are not written alike.
    const known = Object.is(value, -0) ? undefined : written.get(value);
    if (known !== undefined) return known;
    const text = format(value);
    if (written.size >= keptNumbers) written.clear();
    if (!Object.is(value, -0)) written.set(value, text);
    return text;
  };
}

/** The locale, or English for text that names none. */
export function knownLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? "en";
  } catch {
    return "en";
  }
}
