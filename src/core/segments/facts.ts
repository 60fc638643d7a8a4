import type { TextColumn } from "./field.ts";

/** All that a condition can ask about one contact, gathered beforehand. Ids are public ids, as in conditions. */
export type ContactFacts = {
  readonly columns: { readonly [column in TextColumn]: string | null };
  readonly createdAt: Date;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Topics the contact is subscribed to. */
  readonly topicIds: readonly string[];
  readonly isMailable: boolean;
  /** Segments the contact is in, static and dynamic. */
  readonly segmentIds: readonly string[];
  readonly interactions: readonly InteractionFact[];
  readonly visits: readonly VisitFact[];
};

/** One thing that the contact did, or (`received`) that reached it. */
export type InteractionFact = {
  readonly kind: string;
  readonly messageId: string | null;
  readonly journeyId: string | null;
  readonly eventId: string | null;
  /** URL and label of the link, whichever are known. */
  readonly links: readonly string[];
  readonly isMachine: boolean;
  readonly at: Date;
};

/** One passage of the contact through a journey. */
export type VisitFact = {
  readonly journeyId: string;
  readonly isFinished: boolean;
  /** The tile it stands at, or stood at last. */
  readonly nodeId: string;
  readonly passedNodeIds: readonly string[];
};
