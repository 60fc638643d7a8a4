import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { errorCatalogue, Refusal } from "#contract/errors.ts";
import { isDatabaseAway } from "../db/database-away.ts";
import type { Log } from "../log.ts";

/** The body of every refusal: RFC 9457 problem details with our code, what to do, and which fields are wrong. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  help: z.string(),
  requestId: z.string(),
  facts: z.record(z.string(), z.unknown()).optional(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** The one place that turns an error into a status. The cause is logged, never sent. */
export function answerProblem(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
): void {
  const problem = describe(error, request.id);
  if (problem.status >= 500)
    log.error(
      { requestId: request.id, path: request.routeOptions.url, reason: error.stack ?? error.message },
      "a request failed",
    );
  void reply.status(problem.status).type("application/problem+json").send(problem);
}

function describe(error: Error, requestId: string): Problem {
  const of = (code: keyof typeof errorCatalogue, more: Partial<Problem> = {}): Problem => {
    const { status, title, help } = errorCatalogue[code];
    return { type: `/docs/errors#${code}`, title, status, code, help, requestId, ...more };
  };
  if (error instanceof Refusal)
    return of(error.code, Object.keys(error.facts).length > 0 ? { facts: { ...error.facts } } : {});
  if (error instanceof z.ZodError)
    return of("request.invalid", {
      issues: error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
    });
  if (isDatabaseAway(error)) return of("server.unavailable");
  const status = "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
  if (status === 413) return of("request.too-large");
  if (status === 429) return of("request.too-many");
  if (status >= 400 && status < 500)
    return of("request.invalid", { issues: [{ path: "", message: error.message }] });
  return of("server.failed");
}
