import type { Finding } from "#core/kernel/finding.ts";
import type { Schema } from "#core/segments/check-condition.ts";
import type { Condition } from "#core/segments/condition.ts";
import type { Queries, Sql } from "#server/platform/index.ts";

/** What journeys need of segments: who is meant, as conditions compiled over a row of `contacts`. */
export type Audience = {
  /** A condition in a time zone at a moment. */
  readonly conditionSql: (
    queries: Queries,
    condition: Condition,
    timeZone: string,
    now: Date,
  ) => Promise<Sql>;
  /** Membership of a segment, by row number, at a moment. */
  readonly segmentSql: (queries: Queries, segmentId: string, now: Date) => Promise<Sql>;
};

/** What journeys need to know from other domains; joined in compose.ts. */
export type JourneyNeeds = {
  readonly audience: Audience;
  /** Every field and thing that a condition can name. */
  readonly conditionSchema: (queries: Queries) => Promise<Schema>;
  /** What the error check finds in a live version in these content settings (null: the default ones). Row numbers. */
  readonly checkMessageVersion: (
    messageVersionId: string,
    contentSettingsId: string | null,
  ) => Promise<readonly Finding[]>;
};
