import type { KeyVerdict } from "./published-key.ts";
import { verdictWords } from "./published-key.ts";

/** A retired key stays in DNS for so long, because mail that it signed is still on its way or in queues. */
export const keepRetiredDays = 7;
/** After so long a key is better replaced: an attacker who got hold of it can sign with it until then. */
export const renewAfterDays = 180;

const dayMilliseconds = 86_400_000;

/** The life of a key: made and to be published, signing, or retired and still to be found in DNS for a while. */
export type KeyLife = "waiting" | "signing" | "retired";

export type KeyFacts = {
  readonly id: string;
  readonly selector: string;
  readonly life: KeyLife;
  /** What DNS definitely said last; null: it was never seen. */
  readonly published: KeyVerdict | null;
  /** Its record was right once. */
  readonly wasSeen: boolean;
  /** Somebody switched it on without its record being found. */
  readonly isForced: boolean;
  readonly replacesId: string | null;
};

export type Signing =
  | { readonly kind: "signs"; readonly keyIds: readonly string[] }
  /** It leaves without a signature, and why. */
  | { readonly kind: "unsigned"; readonly reason: string }
  /** It does not leave, and why. */
  | { readonly kind: "held"; readonly reason: string };

export const whenKeysDiffer = ["hold", "unsigned"] as const;

/**
 * [S3] What happens to mail of a domain. It is signed with the keys whose record is right. A key that was never found does not sign
 * yet. When records were right once and none is any more, a signature would do harm: mail is held, or leaves unsigned
 * if the domain says so. No answer from DNS changes nothing, since `published` is the last definite one.
 */
export function decideSigning(
  keys: readonly KeyFacts[],
  ifKeyDiffers: (typeof whenKeysDiffer)[number],
): Signing {
  const active = keys.filter(({ life }) => life === "signing");
  const good = active.filter(
    ({ published, isForced }) => isForced || published === "right" || published === "testing",
  );
  if (good.length > 0) return { kind: "signs", keyIds: good.map(({ id }) => id) };
  const broken = active.find(({ wasSeen }) => wasSeen);
  if (!broken)
    return {
      kind: "unsigned",
      reason: active.length > 0 ? "No key was found in DNS yet." : "No key signs for this domain.",
    };
  const reason = `${broken.selector}: ${broken.published ? verdictWords[broken.published] : "Its record is not right."}`;
  return ifKeyDiffers === "hold" ? { kind: "held", reason } : { kind: "unsigned", reason };
}

/** [S5] Which keys take over and which retire, now that DNS was looked at: a new key signs as soon as its record is right. */
export function planTakeOver(keys: readonly KeyFacts[]): {
  readonly starting: readonly string[];
  readonly retiring: readonly string[];
} {
  const starting = keys.filter(
    ({ life, published, replacesId }) => life === "waiting" && published === "right" && replacesId !== null,
  );
  const replaced = new Set(starting.map(({ replacesId }) => replacesId));
  const retiring = keys.filter(({ id, life }) => life === "signing" && replaced.has(id));
  return { starting: starting.map(({ id }) => id), retiring: retiring.map(({ id }) => id) };
}

/** When the record of a key that retired then may go. */
export function removableAt(retiredAt: number): number {
  return retiredAt + keepRetiredDays * dayMilliseconds;
}

export function isDueForRenewal(signingSince: number, now: number): boolean {
  return now - signingSince >= renewAfterDays * dayMilliseconds;
}

/**
 * [S6] How long until the next look: a day where all is well; minutes where somebody waits for it or mail is held.
 * `ageMilliseconds` is how long ago the newest key was made: nobody waits for the records of last month.
 */
export function nextLookMilliseconds(
  signing: Signing,
  keys: readonly KeyFacts[],
  wasAnswered: boolean,
  ageMilliseconds: number,
): number {
  const minute = 60_000;
  if (signing.kind === "held" || !wasAnswered) return 5 * minute;
  const awaits = keys.some(
    ({ life, published }) => life !== "retired" && published !== "right" && published !== "testing",
  );
  if (!awaits) return dayMilliseconds;
  return ageMilliseconds < dayMilliseconds ? 5 * minute : 60 * minute;
}
