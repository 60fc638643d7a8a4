/** [D110] What a temporary refusal is about, as far as it changes what follows. */
export type Deferral = {
  /** `rate`: the receiving domain gets mail too fast. `greylisted`: it wants to see the message again later. */
  readonly about: "rate" | "greylisted" | "other";
  /** The server named the time before which another attempt is in vain, or greylisting implies one; 0 if neither. */
  readonly waitMilliseconds: number;
};

const second = 1000;
const minute = 60 * second;

/** Most greylists open after five minutes, whatever they say. */
const greylistMilliseconds = 5 * minute;
/** A named time is believed within these bounds. */
const shortest = 10 * second;
const longest = 4 * 60 * minute;

const greylisting = /\bgr[ea]y[- ]?list/i;
const laterWords =
  /\b(try again later|please (re)?try (again)?|retry later|temporarily (rejected|deferred|refused))\b/i;
const rateWords =
  /\b(rate[- ]?limit(ed|ing|s)?|throttl(ed|ing|e)|slow(ing)? down|too (many|much) (concurrent |simultaneous |recent )?(connections?|messages?|e?-?mails?|mail|sessions?|deliver(y|ies)|requests?)|(sending|message|connection|unusual|excessive) (rate|volume)|unexpected volume|too (fast|quickly|frequently)|(rate|volume|hourly|daily) (limit )?(quota )?(was |is |has been |have been )?(reached|exceeded)|exceeded (the |your |its )?(rate|volume|message (rate|count)|maximum (rate|number))|\[?TSS?0[0-9]\]?)\b/i;

/** Statuses by which large receivers say that mail comes too fast. */
const rateStatuses = new Set(["4.7.28", "4.7.650"]);

/**
 * [D110] Reads a temporary refusal (4xx). Only 421 and 450 to 452 are a word of the receiver about how fast mail comes. What is
 * about one mailbox (4.2.x) or one conversation's recipients (4.5.3) says nothing about the domain.
 */
export function readDeferral(code: number, enhanced: string | null, text: string): Deferral {
  const told = namedWait(text);
  const isGreylisted =
    (code === 450 || code === 451) &&
    (greylisting.test(text) || (enhanced === "4.7.1" && laterWords.test(text) && !rateWords.test(text)));
  if (isGreylisted)
    return { about: "greylisted", waitMilliseconds: Math.max(greylistMilliseconds, told ?? 0) };
  const isOfTheDomain =
    (code === 421 || (code >= 450 && code <= 452)) &&
    !(enhanced?.startsWith("4.2.") || enhanced === "4.5.3") &&
    (rateWords.test(text) || rateStatuses.has(enhanced ?? ""));
  return { about: isOfTheDomain ? "rate" : "other", waitMilliseconds: told ?? 0 };
}

const units: readonly (readonly [RegExp, number])[] = [
  [/^s/i, second],
  [/^m/i, minute],
  [/^h/i, 60 * minute],
];

/** "Try again in 300 seconds", "come back in 00:05:00": within bounds; undefined if no time is named. */
function namedWait(text: string): number | undefined {
  const clock = /\b(?:again|back|retry|wait)\b.{0,40}?\b(\d{1,2}):([0-5]\d):([0-5]\d)\b/i.exec(text);
  if (clock) {
    const [, hours, minutes, seconds] = clock;
    return within((Number(hours) * 60 + Number(minutes)) * minute + Number(seconds) * second);
  }
  const words =
    /\b(?:again|back|retry|wait|later)\b[^.;]{0,40}?\b(\d{1,6}) ?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)\b/i.exec(
      text,
    );
  if (!words) return undefined;
  const unit = units.find(([name]) => name.test(words[2] ?? ""))?.[1] ?? second;
  return within(Number(words[1]) * unit);
}

const within = (milliseconds: number) => Math.min(longest, Math.max(shortest, milliseconds));
