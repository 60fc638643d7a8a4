import { expect, test } from "vitest";
import { noCapabilities, readCapabilities } from "./capabilities.ts";

test("an EHLO reply is read whatever its spelling", () => {
  expect(
    readCapabilities([
      "mx.test",
      "pipelining",
      "SIZE 1000",
      "AUTH PLAIN login",
      "AUTH=LOGIN",
      "STARTTLS",
      "X-MORE a b",
    ]),
  ).toEqual({
    pipelining: true,
    startTls: true,
    eightBitMime: false,
    smtpUtf8: false,
    size: 1000,
    auth: ["PLAIN", "LOGIN"],
  });
});

test("the first line is a greeting and offers nothing", () => {
  expect(readCapabilities(["PIPELINING"])).toEqual(noCapabilities);
});

test.each([
  ["SIZE", 0],
  ["SIZE 0", 0],
  ["SIZE many", 0],
  ["SIZE 99999999999999999999", 0],
])("%j tells no limit", (line, size) => {
  expect(readCapabilities(["mx", line]).size).toBe(size);
});
