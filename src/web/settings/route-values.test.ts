import { expect, test } from "vitest";
import { toRouteBody, toRouteValues } from "./route-values.ts";

const stored = {
  name: "Relay",
  host: "smtp.example.org",
  port: 465,
  tls: "implicit" as const,
  username: null,
  trustedCertificate: null,
  bounceDomain: "bounce.example.org",
  maxConnections: 10,
  messagesPerSecond: null,
};

test("a route survives being edited, and its password is left alone", () => {
  expect(toRouteBody(toRouteValues(stored))).toEqual(stored);
});

test("a password that was typed is sent", () => {
  expect(
    toRouteBody({ ...toRouteValues(stored), username: "me", password: " kept as typed " }),
  ).toMatchObject({
    username: "me",
    password: " kept as typed ",
  });
});

test("a new route begins with what most servers want", () => {
  expect(toRouteValues(undefined)).toMatchObject({ port: 587, tls: "starttls-required", maxConnections: 5 });
});
