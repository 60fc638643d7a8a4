import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** Answers a request and says so, or returns false and leaves it untouched. */
export type FrontAnswer = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * A way in before the router, for the few paths that are asked so often that routing costs more than the answer. Who uses
 * it binds the same answer as a route too: what comes in an unusual form (escapes, an absolute address) goes there.
 */
export type FrontDoor = {
  readonly answerFirst: (answer: FrontAnswer) => void;
  readonly createServer: (router: (request: IncomingMessage, response: ServerResponse) => void) => Server;
};

declare module "fastify" {
  interface FastifyInstance {
    answerFirst: FrontDoor["answerFirst"];
    /** Whose request it is, before the router as behind it. */
    clientOf: (request: IncomingMessage) => string;
  }
}

/** Opens a front door for one web server. */
export function createFrontDoor(): FrontDoor {
  const answers: FrontAnswer[] = [];
  return {
    answerFirst: (answer) => void answers.push(answer),
    createServer: (router) =>
      createServer((request, response) => {
        for (const answer of answers) if (answer(request, response)) return;
        router(request, response);
      }),
  };
}
