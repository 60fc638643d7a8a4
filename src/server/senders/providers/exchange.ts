import {
  type ClientRequest,
  type IncomingHttpHeaders,
  Agent as PlainAgent,
  request as requestPlain,
} from "node:http";
import { request as requestTls, Agent as TlsAgent } from "node:https";
import { rootCertificates } from "node:tls";
import type { ProviderAnswer } from "#core/senders/provider-answer.ts";
import type { Timeouts } from "../smtp/index.ts";
import type { ProviderRequest, ProviderRoad } from "./provider-requests.ts";

/** What came of a request. `isWritten`: its last byte was taken over by the system, so that it may have arrived whole. */
export type Exchanged =
  | { readonly answer: ProviderAnswer; readonly isWritten: boolean }
  | { readonly broken: string; readonly isWritten: boolean };

/** A socket that rested longer may have been closed at the other end: what is written into it is lost in doubt. */
const freshMilliseconds = 3000;
const keptBytes = 65_536;

/** One socket to a provider that is kept between requests, one request at a time. */
export class Exchange {
  readonly #road: ProviderRoad;
  readonly #timeouts: Timeouts;
  readonly #agent: PlainAgent;
  #request: ClientRequest | undefined;
  #usedAt = 0;

  constructor(road: ProviderRoad, timeouts: Timeouts) {
    this.#road = road;
    this.#timeouts = timeouts;
    const { trustedCertificate } = road;
    const bounds = { keepAlive: true, maxSockets: 1, maxFreeSockets: 1 };
    this.#agent =
      road.tls === "implicit"
        ? new TlsAgent({
            ...bounds,
            ...(trustedCertificate ? { ca: [...rootCertificates, trustedCertificate] } : {}),
          })
        : new PlainAgent(bounds);
  }

  /** Sends a request and waits for its answer. Redirections are not followed. */
  async ask({ method, path, headers, body }: ProviderRequest): Promise<Exchanged> {
    if (performance.now() - this.#usedAt > freshMilliseconds) this.#agent.destroy();
    const { host, port, tls } = this.#road;
    const { connect, content, dot } = this.#timeouts;
    const send = tls === "implicit" ? requestTls : requestPlain;
    const exchanged = await new Promise<Exchanged>((resolve) => {
      let isWritten = false;
      const request = send({
        host,
        port,
        method,
        path,
        agent: this.#agent,
        headers: { ...headers, "content-length": String(body.length) },
      });
      this.#request = request;
      const giveUp = (what: string) => () => request.destroy(new Error(what));
      let timer = setTimeout(giveUp("The request could not be written in time"), connect + content);
      const end = (result: Exchanged) => {
        clearTimeout(timer);
        resolve(result);
      };
      request.on("error", (error) => end({ broken: describe(error), isWritten }));
      request.on("close", () => end({ broken: "The connection was closed", isWritten }));
      request.on("response", (response) => {
        const status = response.statusCode ?? 0;
        const { "x-amzn-errortype": error = "", "x-message-id": id } = response.headers;
        const wasWritten = isWritten;
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (more: string) => {
          if (text.length < keptBytes) text += more;
        });
        // The status says all that matters: a body that breaks off takes nothing from it.
        const answered = () =>
          end({
            answer: {
              status,
              error: String(error).split(":")[0] ?? "",
              body: text,
              retryAfter: retryAfterOf(response.headers),
              id: id === undefined ? undefined : String(id),
            },
            isWritten: wasWritten,
          });
        response.on("end", answered);
        response.on("error", answered);
        response.on("close", answered);
      });
      request.end(body, () => {
        isWritten = true;
        clearTimeout(timer);
        timer = setTimeout(giveUp("No answer came in time"), dot);
      });
    });
    this.#request = undefined;
    this.#usedAt = performance.now();
    return exchanged;
  }

  /** Cuts what is under way, and the socket. */
  cut(reason: string): void {
    this.#request?.destroy(new Error(reason));
    this.#agent.destroy();
  }
}

/** Where only the second since 1970 is named from which on more is taken, as a date. */
function retryAfterOf(headers: IncomingHttpHeaders): string | undefined {
  const reset = Number(headers["x-ratelimit-reset"]);
  if (headers["retry-after"] !== undefined || !(reset > 0) || reset > 1e11) return headers["retry-after"];
  return new Date(reset * 1000).toUTCString();
}

function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join("; ");
  return error instanceof Error ? error.message : String(error);
}
