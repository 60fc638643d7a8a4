import { type Mac, readToken } from "../../tracking/tokens.ts";
import { type BounceCategory, policyOf } from "../bounce-categories.ts";
import { classifyReport } from "../bounce-rules.ts";
import { findSigned } from "./find-delivery.ts";
import type { Meaning } from "./read-feedback.ts";

/** The name under which a message tells a provider its bounce token, to be told it again: an argument, metadata, a variable or a tag. */
export const providerTag = "postroad";

/** What an event says about whose message it is. */
export type Clues = {
  /** Our tag as it came back. */
  readonly tag: string;
  /** Texts of our own making that the provider repeats: headers, the envelope's sender, the enclosed message. */
  readonly texts: readonly string[];
  readonly messageId: string;
};

/** One event that a provider tells about. */
export type ProviderEvent = {
  /** The provider's own name of it: the same when it is told again. */
  readonly eventId: string;
  /** Undefined: nothing that matters here, such as an open. */
  readonly meaning: Meaning | undefined;
  readonly clues: Clues;
  readonly recipient: string;
  readonly subject: string;
};

/** Something in the shape of no event that we know. */
export const strangeEvent = (eventId: string): ProviderEvent => ({
  eventId,
  meaning: { kind: "not-understood", diagnostic: "Not in the shape of an event that we know" },
  clues: { tag: "", texts: [], messageId: "" },
  recipient: "",
  subject: "",
});

/** By what mail of this instance can be known: its signing keys, and the name of the instance in its Message-IDs. */
export type OwnMarks = { readonly mac: Mac; readonly instance: string };

/**
 * [D92] Whose message an event is about: by something that we signed, else by its Message-ID. That one is not signed by us, only by
 * the provider together with the event, so it counts only for the address that the message was sent to.
 */
export function findToldDelivery(
  { tag, texts, messageId }: Clues,
  { mac, instance }: OwnMarks,
): { readonly deliveryId: string; readonly isSigned: boolean } | undefined {
  const tagged = readToken(tag, "bounce", mac);
  if (tagged) return { deliveryId: tagged.deliveryId, isSigned: true };
  for (const text of texts.slice(0, 200)) {
    const deliveryId = findSigned(text, mac);
    if (deliveryId !== undefined) return { deliveryId, isSigned: true };
  }
  for (const id of [messageId, tag]) {
    const [, deliveryId, name] = /^<?([1-9]\d{0,17})\.([^<>@]+)@[^<>@]+>?$/.exec(id.trim()) ?? [];
    if (deliveryId !== undefined && name === instance) return { deliveryId, isSigned: false };
  }
  return undefined;
}

/** What a provider says about a failure. */
export type ToldFailure = {
  readonly status?: string | undefined;
  /** The remote server's words, else the provider's. */
  readonly words: string;
  /** What the provider makes of it; counts where neither status nor words say anything. */
  readonly hint?: BounceCategory | undefined;
  /** The provider did not even try, because of a list of its own. */
  readonly isUntried?: boolean;
};

const longestWords = 4000;

/** [D93] Judges a failure that a provider tells of, by the same rules as any other. */
export function judgeTold({ status = "", words, hint, isUntried = false }: ToldFailure): Meaning {
  const diagnostic =
    words
      .slice(0, longestWords)
      .replace(/^[\w-]+ *; */, "")
      .trim() || status;
  if (isUntried) return { kind: "bounce", category: "unclassified", isHard: false, diagnostic };
  const stated = /[245]\.\d{1,3}\.\d{1,3}/.exec(status)?.[0];
  const spoken = /(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(diagnostic)?.[0];
  const isVague = stated === undefined || /^[245]\.0\.0$/.test(stated);
  const judged = classifyReport((isVague ? (spoken ?? stated) : stated) ?? null, diagnostic);
  if (judged.category !== "unclassified" || hint === undefined)
    return { kind: "bounce", ...judged, diagnostic };
  return { kind: "bounce", category: hint, isHard: policyOf(hint) === "at-once", diagnostic };
}
