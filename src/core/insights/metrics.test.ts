import fc from "fast-check";
import { expect, test } from "vitest";
import { type Counts, noCounts } from "./counts.ts";
import { addsUp, metricOf, metrics } from "./metrics.ts";

const example: Counts = {
  ...noCounts,
  recipients: 1000,
  accepted: 900,
  refused: 50,
  skipped: 30,
  givenUp: 5,
  inDoubt: 10,
  waiting: 5,
  bouncedLater: 100,
  opens: { humanFirst: 400, humanAll: 700, machineFirst: 200, machineAll: 250 },
  clicks: { humanFirst: 80, humanAll: 120, machineFirst: 40, machineAll: 90 },
  forwards: 7,
  unsubscribes: 8,
};

test("[I1] every metric is what its formula says", () => {
  const values = Object.fromEntries(metrics.map(({ id, value }) => [id, value(example)]));
  expect(values).toEqual({
    recipients: 1000,
    sent: 960,
    delivered: 800,
    "delivery-rate": 800 / 960,
    bounces: 150,
    skipped: 30,
    opens: 400,
    "open-rate": 0.5,
    clicks: 80,
    "click-rate": 0.1,
    "click-to-open": 0.2,
    forwards: 7,
    unsubscribes: 8,
    "unsubscribe-rate": 0.01,
  });
  expect(addsUp(example)).toBe(true);
  expect(addsUp({ ...example, waiting: 6 })).toBe(false);
});

test("[I1] a share of nothing is unknown, not zero and not an error", () => {
  for (const metric of metrics) expect(metric.value(noCounts)).toBe(metric.unit === "share" ? null : 0);
});

test("[I2] what machines do moves no rate", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (opens, clicks) => {
      const noisy: Counts = {
        ...example,
        opens: { ...example.opens, machineFirst: opens, machineAll: opens },
        clicks: { ...example.clicks, machineFirst: clicks, machineAll: clicks },
      };
      for (const id of ["open-rate", "click-rate", "click-to-open"] as const)
        expect(metricOf(id).value(noisy)).toBe(metricOf(id).value(example));
    }),
  );
});
