import { expect, test } from "vitest";
import { judgeProviderAnswer, roadProblemIn } from "./provider-answer.ts";

const now = Date.parse("2026-01-01T00:00:00Z");
const answer = (status: number, body = "", error = "", retryAfter?: string) => ({
  status,
  body,
  error,
  retryAfter,
});

test.each([
  [200, "", "accepted"],
  [202, "", "accepted"],
  [302, "", "deferred"],
  [400, "", "refused"],
  [400, "LimitExceededException", "deferred"],
  [400, "AccountSuspendedException", "deferred"],
  [401, "", "deferred"],
  [403, "", "deferred"],
  [404, "", "refused"],
  [408, "", "deferred"],
  [413, "", "refused"],
  [429, "", "deferred"],
  [500, "", "in-doubt"],
  [502, "", "in-doubt"],
  [503, "", "deferred"],
  [504, "", "in-doubt"],
])("[S9] HTTP %i %s is %s", (status, error, kind) => {
  expect(judgeProviderAnswer("ses", answer(status, "", error), now).kind).toBe(kind);
});

test.each([
  ["120", 120_000],
  ["Thu, 01 Jan 2026 00:05:00 GMT", 300_000],
  ["999999999", 86_400_000],
  ["Wed, 31 Dec 2025 00:00:00 GMT", undefined],
  ["-5", undefined],
  ["soon", undefined],
])("[S9] Retry-After %s is waited for", (header, wait) => {
  const outcome = judgeProviderAnswer("mailgun", answer(429, "", "", header), now);
  expect("waitMilliseconds" in outcome ? outcome.waitMilliseconds : undefined).toBe(wait);
});

test("[S9] the words of a provider are kept in one line, whatever it sends", () => {
  for (const body of ["<html>\r\nno</html>", "null", "[]", '"x"', '{"message":7}', "\u0000"])
    expect(judgeProviderAnswer("mailgun", answer(400, body), now)).toMatchObject({
      kind: "refused",
      message: expect.stringMatching(/^550 HTTP 400: [^\r\n\0]*$/),
    });
});

test("[S10] a key that may only send is good; one that is unknown and an account that is paused are not", () => {
  expect(roadProblemIn("ses", answer(200, '{"SendingEnabled":true}'))).toBeUndefined();
  expect(roadProblemIn("ses", answer(403, "", "AccessDeniedException"))).toBeUndefined();
  expect(roadProblemIn("ses", answer(403, "", "UnrecognizedClientException"))).toContain("Unrecognized");
  expect(roadProblemIn("ses", answer(200, '{"SendingEnabled":false}'))).toContain("switched off");
  expect(roadProblemIn("mailgun", answer(400))).toBeUndefined();
  expect(roadProblemIn("mailgun", answer(401, "Forbidden"))).toContain("HTTP 401: Forbidden");
  expect(roadProblemIn("mailgun", answer(500))).toContain("HTTP 500");
});
