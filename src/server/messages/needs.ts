/** Something that uses a message, as a person is told: "the live journey Spring invitation". */
export type Usage = {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly state: string;
};

/** What messages need to know from domains that come after them; joined in compose.ts. */
export type MessageNeeds = {
  /** Everything that uses the message, in any state. */
  readonly whereUsed: (messageId: string) => Promise<readonly Usage[]>;
  /** Which of these are registration pages of events that exist. */
  readonly knownEventSlugs: (slugs: readonly string[]) => Promise<readonly string[]>;
  /** Whether messages that go live carry the link that only machines follow. */
  readonly carriesHiddenLink: () => Promise<boolean>;
};
