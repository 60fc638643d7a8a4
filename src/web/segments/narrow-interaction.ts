import type { InteractionRule } from "#core/segments/condition.ts";

/** An interaction rule as inputs hand it over: what was taken back is undefined or empty. */
export type Loose = Pick<InteractionRule, "interaction" | "count" | "window"> & {
  readonly messageId?: string | undefined;
  readonly journeyId?: string | undefined;
  readonly eventId?: string | undefined;
  readonly link?: string | undefined;
  readonly machines?: true | undefined;
};

/** Leaves out what was taken back, and what does not go with the kind of interaction. */
export function narrowed(rule: Loose): InteractionRule {
  const { interaction, messageId, journeyId, eventId, link, machines } = rule;
  const isAboutEvent = interaction.startsWith("regist");
  return {
    kind: "interaction",
    interaction,
    ...(messageId && !isAboutEvent && { messageId }),
    ...(journeyId && { journeyId }),
    ...(eventId && isAboutEvent && { eventId }),
    ...(link && interaction === "click" && { link }),
    ...(machines && interaction !== "received" && { machines }),
    count: rule.count,
    window: rule.window,
  };
}
