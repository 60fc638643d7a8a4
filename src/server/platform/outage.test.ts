import { expect, test } from "vitest";
import { watchOutage } from "./outage.ts";

test("[D62] trouble that lasts is said when it begins, then once a minute, and once when it is over", async () => {
  const said: string[] = [];
  const note = (details: object, words: string) => said.push(`${words} ${JSON.stringify(details)}`);
  let now = 0;
  const log = { error: note, info: note };
  const outage = watchOutage(log, { failing: "fails", over: "works" }, { part: "a" }, () => now);
  outage.over();
  for (; now < 150_000; now += 500) outage.met(new Error("away"));
  outage.over();
  outage.over();
  expect(await outage.during(() => Promise.reject("again"))).toBe(undefined);
  expect(await outage.during(async () => "done")).toBe("done");
  expect(said).toEqual([
    'fails {"part":"a","reason":"Error: away"}',
    'fails {"part":"a","reason":"Error: away","times":121}',
    'fails {"part":"a","reason":"Error: away","times":241}',
    'works {"part":"a","times":300}',
    'fails {"part":"a","reason":"again"}',
    'works {"part":"a","times":1}',
  ]);
});
