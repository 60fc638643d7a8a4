import { fail, ok, type Result } from "#core/kernel/result.ts";
import { isOfTheRoad, judgeProviderAnswer, roadProblemIn } from "#core/senders/provider-answer.ts";
import type { Provider } from "#core/senders/provider-route.ts";
import { type Capabilities, noCapabilities } from "#core/smtp/capabilities.ts";
import { judgeBreak, type Outcome } from "#core/smtp/outcome.ts";
import { judgeFit, type Outgoing, type RoadProblem, type Timeouts } from "../smtp/index.ts";
import { Exchange } from "./exchange.ts";
import { checkRequest, type ProviderRoad, sendRequest } from "./provider-requests.ts";

/** The end of a message on the wire of SMTP, which is no part of the message: a dot alone on a line. */
const wireEndBytes = 3;
/** [S11] What each provider takes, with room for what it adds; Postmark takes 5 MB of each part. */
const largest: { readonly [provider in Provider]: number } = {
  ses: 25_000_000,
  mailgun: 25_000_000,
  sendgrid: 20_000_000,
  postmark: 5_000_000,
};

/** [S10] Opens a road to a provider: its server is reached and takes the key. */
export async function openProvider(
  road: ProviderRoad,
  timeouts: Timeouts,
): Promise<Result<ProviderConnection, RoadProblem>> {
  const exchange = new Exchange(road, { ...timeouts, dot: timeouts.command });
  const asked = await exchange.ask(checkRequest(road, new Date()));
  exchange.cut("The check is over");
  if ("broken" in asked) {
    const message = `${road.host}:${road.port} cannot be reached: ${asked.broken}.`;
    return fail({ phase: "connect", message, reply: null });
  }
  const problem = roadProblemIn(road.kind, asked.answer);
  if (problem !== undefined) return fail({ phase: "auth", message: problem, reply: null });
  return ok(new ProviderConnection(road, timeouts));
}

/** Hands messages over to a provider one after the other, in the shape of a connection of SMTP [S9]. */
export class ProviderConnection {
  readonly capabilities: Capabilities;
  readonly #road: ProviderRoad;
  readonly #exchange: Exchange;
  #isSpent = false;
  #delivered = 0;

  constructor(road: ProviderRoad, timeouts: Timeouts) {
    this.capabilities = { ...noCapabilities, size: largest[road.kind] };
    this.#road = road;
    this.#exchange = new Exchange(road, timeouts);
  }

  get isUsable(): boolean {
    return !this.#isSpent;
  }

  get delivered(): number {
    return this.#delivered;
  }

  async deliver(message: Outgoing): Promise<Outcome> {
    const unfit = judgeFit(this.capabilities, message);
    if (unfit) return unfit;
    this.#delivered++;
    const wire = Buffer.concat(message.parts);
    const mail = {
      envelope: message.envelope,
      message: wire.subarray(0, wire.length - wireEndBytes),
      tag: message.tag ?? "",
    };
    const request = await sendRequest(this.#road, mail, new Date());
    if (this.#isSpent || !(await message.beforeDot())) {
      this.abandon("The lease ran out before the message could be handed over.");
      return {
        kind: "untouched",
        phase: "content",
        message: "The lease ran out before the message could be handed over.",
      };
    }
    const exchanged = await this.#exchange.ask(request);
    if ("broken" in exchanged) {
      this.abandon(exchanged.broken);
      return judgeBreak(exchanged.isWritten ? "dot" : "content", true, exchanged.broken);
    }
    const outcome = judgeProviderAnswer(this.#road.kind, exchanged.answer, Date.now());
    if (outcome.kind === "accepted" && !exchanged.isWritten) {
      const early = "The server answered before it had the whole message.";
      this.abandon(early);
      return judgeBreak("dot", true, early);
    }
    // The next opening finds what is wrong with the road, so that it rests and nobody else meets it.
    if (isOfTheRoad(this.#road.kind, exchanged.answer)) this.#isSpent = true;
    return outcome;
  }

  async close(): Promise<void> {
    this.abandon("The connection was closed.");
  }

  /** Cuts a request under way: what was not written whole is thus never completed. */
  abandon(reason: string): void {
    this.#isSpent = true;
    this.#exchange.cut(reason);
  }
}
