import type { FastifyInstance } from "fastify";
import { noticePage } from "#core/pages/notice-page.ts";
import { isDatabaseAway, type Log } from "../platform/index.ts";
import { sendPage } from "../tracking/index.ts";

/**
 * A corner of the web server for public pages: errors are pages and not JSON, and forms may come as multipart too
 * (RFC 8058, section 3.2). Nothing of a multipart form is used but that it came.
 */
export function openPageScope(app: FastifyInstance, log: Log, bind: (scope: FastifyInstance) => void): void {
  void app.register(async (scope) => {
    scope.addContentTypeParser("multipart/form-data", { parseAs: "buffer" }, (_request, _body, done) =>
      done(null, {}),
    );
    scope.setErrorHandler<Error>((error, request, reply) => {
      if (isDatabaseAway(error))
        return sendPage(
          reply.header("retry-after", "30"),
          503,
          noticePage({
            title: "Please try again in a moment",
            text: "We cannot reach our records right now, so nothing was changed. Please try again shortly.",
          }),
        );
      const status = "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
      if (status === 429)
        return sendPage(
          reply,
          429,
          noticePage({ title: "That was a lot at once", text: "Please wait a minute, then try again." }),
        );
      if (status >= 500)
        log.error({ requestId: request.id, reason: error.stack ?? error.message }, "a page failed");
      return sendPage(
        reply,
        status,
        status >= 500
          ? noticePage({
              title: "Something went wrong",
              text: "It is our fault. Please try again in a moment.",
            })
          : noticePage({ title: "This did not work", text: "Please go back and try again." }),
      );
    });
    bind(scope);
  });
}

/** Posts of one network address in a minute. One-click unsubscribe has no limit: mailbox providers send many at once. */
export const postLimit = { config: { rateLimit: { max: 60, timeWindow: "1 minute" } }, bodyLimit: 64 * 1024 };
