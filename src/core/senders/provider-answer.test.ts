import { expect, test } from "vitest";
import { classifyBounce } from "../delivery/bounce-rules.ts";
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

test.each([
  ["sendgrid", 202, "", "accepted"],
  ["sendgrid", 400, '{"errors":[{"message":"Does not contain a valid address."}]}', "refused"],
  ["sendgrid", 401, "", "deferred"],
  ["sendgrid", 403, '{"errors":[{"message":"Access forbidden"}]}', "deferred"],
  [
    "sendgrid",
    403,
    '{"errors":[{"message":"The from address does not match a verified Sender Identity."}]}',
    "sender-refused",
  ],
  ["sendgrid", 429, "", "deferred"],
  ["sendgrid", 500, "", "in-doubt"],
  ["postmark", 200, '{"ErrorCode":0,"MessageID":"a"}', "accepted"],
  ["postmark", 401, '{"ErrorCode":10}', "deferred"],
  ["postmark", 422, '{"ErrorCode":300,"Message":"Invalid To address"}', "refused"],
  ["postmark", 422, '{"ErrorCode":400,"Message":"No signature"}', "sender-refused"],
  ["postmark", 422, '{"ErrorCode":405,"Message":"Out of credits"}', "deferred"],
  ["postmark", 422, '{"ErrorCode":1235,"Message":"No such stream"}', "deferred"],
  ["postmark", 422, '{"ErrorCode":406,"Message":"marked as inactive"}', "refused"],
  ["postmark", 429, '{"ErrorCode":429}', "deferred"],
  ["postmark", 500, "", "in-doubt"],
  ["ses", 413, "", "refused"],
] as const)("[S9] [S13] %s: HTTP %i %s is %s", (provider, status, body, kind) => {
  const outcome = judgeProviderAnswer(provider, answer(status, body), now);
  expect(outcome.kind).toBe(kind);
  if (outcome.kind === "sender-refused")
    expect(outcome).toMatchObject({ phase: "dot", reply: { code: 451 } });
});

test("[S13] what a provider never tried says nothing about the address, and what is too large is that", () => {
  const category = (provider: "postmark" | "sendgrid", status: number, body: string) => {
    const outcome = judgeProviderAnswer(provider, answer(status, body), now);
    if (outcome.kind !== "refused" || !outcome.reply) throw new Error(outcome.kind);
    return classifyBounce(outcome.reply.code, outcome.reply.enhanced, outcome.message);
  };
  const inactive =
    "Found inactive addresses: a@b.test. Inactive recipients have a hard bounce or a spam complaint.";
  expect(category("postmark", 422, JSON.stringify({ ErrorCode: 406, Message: inactive }))).toEqual({
    category: "unclassified",
    isHard: false,
  });
  expect(category("sendgrid", 413, "")).toEqual({ category: "too-large", isHard: false });
});

test("[S10] a key of SendGrid must be allowed to send, a stream of Postmark be there", () => {
  expect(roadProblemIn("sendgrid", answer(200, '{"scopes":["mail.send"]}'))).toBeUndefined();
  expect(roadProblemIn("sendgrid", answer(200, '{"scopes":["stats.read"]}'))).toContain("Mail Send");
  expect(roadProblemIn("sendgrid", answer(401))).toContain("HTTP 401");
  expect(roadProblemIn("postmark", answer(200, '{"ID":"broadcast","ArchivedAt":null}'))).toBeUndefined();
  expect(roadProblemIn("postmark", answer(200, '{"ArchivedAt":"2026-01-01T00:00:00Z"}'))).toContain(
    "archived",
  );
  expect(roadProblemIn("postmark", answer(404, '{"ErrorCode":1226,"Message":"Not found"}'))).toContain(
    "Not found",
  );
});
