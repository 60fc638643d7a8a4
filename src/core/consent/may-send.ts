/** Why an address is suppressed. docs/spec/consent.md says which of them stops what. */
export const suppressionCategories = [
  "complaint",
  "hard-bounce",
  "manual",
  "imported",
  "soft-bounce",
  "forward-opt-out",
] as const;
export type SuppressionCategory = (typeof suppressionCategories)[number];

/** [C8] Suppressions that stop transactional mail too, the gravest first. */
export const gravestCategories = ["complaint", "hard-bounce", "manual"] as const;

/** [C9] Suppressions that stop commercial mail, the gravest first. */
export const commercialCategories = [...gravestCategories, "imported", "soft-bounce"] as const;

/** What is to be sent. `topicId` is the row number of the message's topic. */
export type MailPurpose = {
  readonly designation: "commercial" | "transactional";
  readonly topicId: string | null;
  /** A copy for a friend of a recipient, who need not have agreed to anything but can opt out of all of them. */
  readonly isForward?: boolean;
};

/** The standing of an address: the fold of its ledger by topic row number ("0": all commercial mail), and its suppressions. */
export type AddressStanding = {
  readonly consents: ReadonlyMap<string, boolean>;
  readonly suppressions: readonly {
    readonly category: SuppressionCategory;
    readonly expiresAt: Date | null;
    readonly liftedAt: Date | null;
  }[];
};

/** Why mail is not sent: `suppressed-…` by category, or for want of consent. These words are what the delivery log keeps. */
export type NotMailable =
  | `suppressed-${SuppressionCategory}`
  | "opted-out"
  | "topic-withdrawn"
  | "no-consent";

/** The categories that stop mail of a purpose, the gravest first: the first that applies is the reason given. */
export function stoppingCategories(purpose: MailPurpose): readonly SuppressionCategory[] {
  if (purpose.isForward) return [...commercialCategories, "forward-opt-out"];
  return purpose.designation === "transactional" ? gravestCategories : commercialCategories;
}

/**
 * Decides whether an address may be sent mail at a moment; undefined means yes. `notMailableReason` in
 * server/consent says the same in SQL, and a test holds the two together.
 */
export function mailableReason(
  purpose: MailPurpose,
  standing: AddressStanding,
  policy: { readonly requireOptIn: boolean },
  now: Date,
): NotMailable | undefined {
  const active = new Set(
    standing.suppressions
      .filter(({ expiresAt, liftedAt }) => liftedAt === null && (expiresAt === null || expiresAt > now))
      .map(({ category }) => category),
  );
  const stopping = stoppingCategories(purpose).find((category) => active.has(category));
  if (stopping !== undefined) return `suppressed-${stopping}`;
  if (purpose.designation === "transactional" && !purpose.isForward) return undefined;
  if (standing.consents.get("0") === false) return "opted-out";
  if (purpose.topicId === null) return undefined;
  const agreed = standing.consents.get(purpose.topicId);
  if (agreed === false) return "topic-withdrawn";
  const needsOptIn = policy.requireOptIn && !purpose.isForward;
  return needsOptIn && agreed === undefined ? "no-consent" : undefined;
}
