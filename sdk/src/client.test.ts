import { expect, test } from "vitest";
import { createClient, PostroadError } from "./index.ts";

function answering(status: number, body: unknown) {
  const asked: { url: string; init: RequestInit | undefined }[] = [];
  const fake: typeof fetch = async (url, init) => {
    asked.push({ url: String(url), init });
    return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  };
  return { asked, fake };
}

test("a method fills in the path, encodes the query and sends the key", async () => {
  const { asked, fake } = answering(200, { items: [], nextCursor: null });
  const client = createClient({ baseUrl: "https://mail.test/", apiKey: "prk_x", fetch: fake });
  await client.contacts.timeline({ params: { id: "cnt_1" }, query: { limit: 5 } });
  await client.contacts.list({ query: { search: "a&b" } });
  expect(asked.map(({ url }) => url)).toEqual([
    "https://mail.test/api/contacts/cnt_1/timeline?limit=5",
    "https://mail.test/api/contacts?search=a%26b",
  ]);
  expect(asked[0]?.init?.headers).toMatchObject({ authorization: "Bearer prk_x" });
});

test("a change carries the CSRF token of the session and its body as JSON", async () => {
  const { asked, fake } = answering(200, { done: true });
  const client = createClient({ baseUrl: "", csrf: () => "token", fetch: fake });
  await client.access.changePassword({ body: { currentPassword: "a", newPassword: "b" } });
  expect(asked[0]?.init).toMatchObject({
    method: "POST",
    body: '{"currentPassword":"a","newPassword":"b"}',
    headers: { "x-csrf-token": "token", "content-type": "application/json" },
  });
});

test("a refusal is thrown with its code, help and issues", async () => {
  const problem = {
    type: "/docs/errors#request.invalid",
    code: "request.invalid",
    status: 400,
    title: "Something in the request is not as expected.",
    help: "Correct it.",
    requestId: "r1",
    issues: [{ path: "email", message: "Invalid" }],
  };
  const client = createClient({ baseUrl: "https://mail.test", fetch: answering(400, problem).fake });
  const thrown = await client.contacts.create({ body: { email: "x" } }).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(PostroadError);
  expect(thrown).toMatchObject({ code: "request.invalid", help: "Correct it.", issues: problem.issues });
});

test("an answer that is no problem of ours still becomes an error with a code", async () => {
  const client = createClient({ baseUrl: "https://mail.test", fetch: answering(503, "<html>").fake });
  await expect(client.access.session()).rejects.toMatchObject({ code: "server.unavailable", status: 503 });
});
