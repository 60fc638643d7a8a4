import { expect, test } from "vitest";
import { limitWords, toRouteBody, toRouteValues, valuesForKind } from "./route-values.ts";

const now = new Date("2026-02-03T10:00:00Z");
const stored = {
  name: "Relay",
  kind: "smtp" as const,
  providerScope: null,
  host: "smtp.example.org",
  port: 465,
  tls: "implicit" as const,
  username: null,
  trustedCertificate: null,
  bounceDomain: "bounce.example.org",
  maxConnections: 10,
  messagesPerSecond: null,
  messagesPerHour: 500,
  messagesPerDay: null,
  messagesPerConnection: 100,
  weight: 3,
  fallBackId: "rte_2",
  fallBackAfterSeconds: 90,
  warmUp: { plan: "custom" as const, ceilings: [10, 20], startsOn: "2026-01-01", isPaused: true },
};

test("a route survives being edited, and its password is left alone", () => {
  expect(toRouteBody(toRouteValues(stored, now))).toEqual(stored);
});

test("the server of a provider follows its region unless another one was named", () => {
  const amazon = {
    ...stored,
    kind: "ses" as const,
    providerScope: "eu-central-1",
    host: "email.eu-central-1.amazonaws.com",
    port: 443,
  };
  const values = toRouteValues(amazon, now);
  expect(toRouteBody(values)).toEqual(amazon);
  expect(toRouteBody({ ...values, providerScope: "us-east-1" }).host).toBe("email.us-east-1.amazonaws.com");
  const own = toRouteValues({ ...amazon, host: "ses.example.org" }, now);
  expect(toRouteBody({ ...own, providerScope: "us-east-1" }).host).toBe("ses.example.org");
});

test("the servers of providers go without saying", () => {
  const values = { ...toRouteValues(undefined, now), ...valuesForKind("postmark") };
  expect(toRouteBody(values)).toMatchObject({ host: "api.postmarkapp.com", providerScope: "broadcast" });
  const grid = { ...values, ...valuesForKind("sendgrid") };
  expect(toRouteBody(grid)).toMatchObject({ host: "api.sendgrid.com", providerScope: null });
});

test("another kind begins with its own port, encryption and user name", () => {
  expect(valuesForKind("mailgun")).toMatchObject({ port: 443, tls: "implicit", username: "api" });
  expect(valuesForKind("sendgrid")).toMatchObject({ port: 443, username: "apikey", providerScope: "" });
  expect(valuesForKind("postmark")).toMatchObject({ username: "token", providerScope: "broadcast" });
  expect(valuesForKind("smtp")).toMatchObject({ port: 587, tls: "starttls-required", username: "" });
});

test("a password that was typed is sent", () => {
  expect(
    toRouteBody({ ...toRouteValues(stored, now), username: "me", password: " kept as typed " }),
  ).toMatchObject({
    username: "me",
    password: " kept as typed ",
  });
});

test("a new route begins with what most servers want", () => {
  expect(toRouteValues(undefined, now)).toMatchObject({
    port: 587,
    tls: "starttls-required",
    maxConnections: 5,
    warmUp: { plan: "", startsOn: "2026-02-03" },
  });
  expect(toRouteBody(toRouteValues(undefined, now)).warmUp).toBeNull();
});

test("what a route's limits leave is said in words", () => {
  const show = { number: String, time: (iso: string) => iso.slice(11, 16) };
  const route = { rest: null, usage: null, messagesPerHour: null, messagesPerDay: null, warmUp: null };
  const limited = { ...route, messagesPerHour: 500, usage: { lastHour: 20, lastDay: 90 } };
  const rest = { until: "2026-01-01T14:00:00Z", window: "hour", used: 500, limit: 500 } as const;
  expect(limitWords(route, show)).toBeUndefined();
  expect(limitWords(limited, show)).toBe("20 of 500 in the last hour.");
  expect(limitWords({ ...limited, messagesPerDay: 1000 }, show)).toBe(
    "20 of 500 in the last hour, 90 of 1000 in the last day.",
  );
  const warmUp = { ...stored.warmUp, isPaused: false, today: { day: 3, ceiling: 200 } };
  expect(limitWords({ ...limited, messagesPerHour: null, messagesPerDay: 1000, warmUp }, show)).toBe(
    "Warm-up day 3: 90 of 200 in the last day.",
  );
  expect(limitWords({ ...limited, rest }, show)).toBe("Resting until 14:00: 500 of 500 per hour used.");
});
