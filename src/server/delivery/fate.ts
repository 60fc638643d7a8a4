import { nextAttemptAt } from "#core/delivery/back-off.ts";
import { type Bounce, classifyBounce } from "#core/delivery/bounce-rules.ts";
import { type Deferral, readDeferral } from "#core/delivery/deferral.ts";
import type { Outcome } from "#core/smtp/outcome.ts";
import { describeReply } from "#core/smtp/reply-parser.ts";

/** What is written down about one attempt. `final` closes the delivery; `again` keeps it queued for another attempt. */
export type Fate =
  | {
      readonly kind: "final";
      readonly outcome: "accepted" | "refused" | "skipped" | "given-up" | "in-doubt";
      readonly reason: string | null;
      readonly bounce: Bounce | null;
      readonly answer: ServerAnswer;
    }
  | {
      readonly kind: "again";
      readonly at: Date;
      readonly addsDoubt: boolean;
      /** [D113] False: nobody gave a verdict, so it does not count as an attempt. */
      readonly isCharged: boolean;
      /** [D110] The receiving domain said that mail comes too fast. */
      readonly slowsDomain: boolean;
      readonly answer: ServerAnswer;
    };

export type ServerAnswer = {
  readonly code: number | null;
  readonly enhanced: string | null;
  readonly text: string;
};

/** What [D10] makes of an outcome depends on these facts of the attempt. */
export type AttemptFacts = {
  readonly attempt: number;
  readonly doubts: number;
  readonly expiresAt: Date;
  readonly mayResendDoubtful: boolean;
};

/** How long a doubtful transactional mail waits for evidence before it is sent once more. */
const doubtMilliseconds = 15 * 60_000;
/** [D113] About how long a server that said goodbye is left alone with this message. */
const goodbyeMilliseconds = 5 * 60_000;
/** What a broken conversation or an answer about something else says of the receiving domain. */
const nothing: Deferral = { about: "other", waitMilliseconds: 0 };

/**
 * Decides what follows from an outcome that closes an attempt: accepted, refused, tried again, given up or in doubt
 * ([D10], [D11], [D15]).
 */
export function decideFate(
  outcome: Extract<Outcome, { kind: "accepted" | "refused" | "deferred" | "in-doubt" }>,
  facts: AttemptFacts,
  now: Date,
  random: number,
): Fate {
  switch (outcome.kind) {
    case "accepted":
      return final("accepted", null, answerOf(outcome.reply, describeReply(outcome.reply)));
    case "refused": {
      const answer = answerOf(outcome.reply, outcome.message);
      const bounce = classifyBounce(answer.code ?? 550, answer.enhanced, answer.text);
      return { kind: "final", outcome: "refused", reason: bounce.category, bounce, answer };
    }
    case "deferred": {
      const answer = answerOf(outcome.reply, outcome.message);
      const { code, enhanced, text } = answer;
      const isOfTheDomain = code !== null && outcome.phase !== "mail" && !outcome.isOfTheProvider;
      const said = isOfTheDomain ? readDeferral(code, enhanced, text) : nothing;
      const isCharged = code !== 421 || outcome.phase === "dot";
      const own = isCharged
        ? nextAttemptAt(facts.attempt, now, random).getTime() - now.getTime()
        : goodbyeMilliseconds * (0.8 + 0.4 * random);
      // What was told a time is spread behind it, never before.
      const told = Math.max(outcome.waitMilliseconds ?? 0, said.waitMilliseconds) * (1 + 0.2 * random);
      const at = new Date(now.getTime() + Math.max(own, told));
      if (at >= facts.expiresAt) return final("given-up", "expired", answer);
      return { kind: "again", at, addsDoubt: false, isCharged, slowsDomain: said.about === "rate", answer };
    }
    case "in-doubt": {
      const answer = { code: null, enhanced: null, text: outcome.message };
      if (!facts.mayResendDoubtful || facts.doubts > 0) return final("in-doubt", null, answer);
      return {
        kind: "again",
        at: new Date(now.getTime() + doubtMilliseconds),
        addsDoubt: true,
        isCharged: true,
        slowsDomain: false,
        answer,
      };
    }
  }
}

function final(
  outcome: "accepted" | "given-up" | "in-doubt",
  reason: string | null,
  answer: ServerAnswer,
): Fate {
  return { kind: "final", outcome, reason, bounce: null, answer };
}

function answerOf(reply: { code: number; enhanced: string | null } | null, message: string): ServerAnswer {
  const told = /^([45]\.\d{1,3}\.\d{1,3}) /.exec(message);
  return { code: reply?.code ?? null, enhanced: reply?.enhanced ?? told?.[1] ?? null, text: message };
}

/** A message that could not be made: it was not sent and will not be. */
export function unmade(code: string, message: string): Fate {
  return {
    kind: "final",
    outcome: "skipped",
    reason: code,
    bounce: null,
    answer: { code: null, enhanced: null, text: message },
  };
}

/** How long a message waits for a route that is in trouble now. */
const troubledMilliseconds = 5 * 60_000;

/** [D114] Another route takes what is too large for this one: its next attempt is there, and this was none. */
export function leaveTo({ works }: { readonly works: boolean }, message: string, now: Date): Fate {
  return {
    kind: "again",
    at: new Date(now.getTime() + (works ? 0 : troubledMilliseconds)),
    addsDoubt: false,
    isCharged: false,
    slowsDomain: false,
    answer: { code: null, enhanced: "5.3.4", text: message },
  };
}
