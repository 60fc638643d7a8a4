import { expect, test } from "vitest";
import { messageRoutes } from "#contract/messages.ts";
import { urlOf } from "./api.ts";

test("an address takes ids, numbers and what has to be escaped", () => {
  expect(urlOf(messageRoutes.version, { params: { messageId: "msg_1", number: 3 } })).toBe(
    "/api/messages/msg_1/versions/3",
  );
  expect(urlOf(messageRoutes.get, { params: { messageId: "a/b" } })).toBe("/api/messages/a%2Fb");
});

test("an address says only what was asked", () => {
  expect(urlOf(messageRoutes.list, { query: { search: "", limit: 5 } })).toBe("/api/messages?limit=5");
});
