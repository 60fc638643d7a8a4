import { describe, expect, test } from "vitest";
import { classifyHit, type HitFacts } from "./classify-hit.ts";
import type { Hit } from "./hit.ts";

const chrome =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";
const accepted = Date.UTC(2026, 0, 5, 9);

function aHit(more: Partial<Hit> = {}): Hit {
  return {
    id: "0197a3c0-0000-7000-8000-000000000001",
    kind: "click",
    deliveryId: "1025",
    linkNumber: 1,
    at: accepted + 60_000,
    method: "GET",
    ip: "192.0.2.1",
    userAgent: chrome,
    ...more,
  };
}
const facts: HitFacts = { isListedBot: false, acceptedAt: accepted, clicksNearby: [] };
const later = (seconds: number, linkNumber: number) => ({
  linkNumber,
  at: accepted + 60_000 + seconds * 1000,
});

describe("people", () => {
  test("[T20] one click three seconds after delivery is a person's", () => {
    expect(classifyHit(aHit({ at: accepted + 3000 }), facts)).toEqual({ agent: "human", evidence: null });
  });
  test("[T26] two links in four seconds are a person's", () => {
    expect(classifyHit(aHit(), { ...facts, clicksNearby: [later(4, 2)] }).agent).toBe("human");
  });
  test("[T26] one link clicked five times at once is a person's", () => {
    const again = [0.1, 0.2, 0.3, 0.4].map((seconds) => later(seconds, 1));
    expect(classifyHit(aHit(), { ...facts, clicksNearby: again }).agent).toBe("human");
  });
  test("[T23] an open through the image proxy of Gmail or Yahoo is a person's, with evidence", () => {
    const gmail = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)";
    expect(classifyHit(aHit({ kind: "open", userAgent: gmail }), { ...facts, isListedBot: true })).toEqual({
      agent: "human",
      evidence: "v1 image-proxy: googleimageproxy",
    });
    expect(
      classifyHit(aHit({ kind: "open", userAgent: "YahooMailProxy; https://help.yahoo.com" }), facts).agent,
    ).toBe("human");
  });
  test("a click is judged although acceptance is not known", () => {
    expect(classifyHit(aHit(), { ...facts, acceptedAt: null }).agent).toBe("human");
  });
});

describe("machines", () => {
  const machines: [string, Partial<Hit>, Partial<HitFacts>, string][] = [
    ["[T21] HEAD", { method: "HEAD" }, {}, "v1 method: HEAD"],
    ["[T22] a prefetch", { prefetch: "prefetch;prerender" }, {}, "v1 prefetch: prefetch;prerender"],
    [
      "[T24] the bare Mozilla/5.0 of Apple's privacy proxy",
      { kind: "open", userAgent: "Mozilla/5.0" },
      {},
      "v1 mail-privacy-proxy",
    ],
    ["[T25] a gateway that names itself", { userAgent: "BarracudaCentral/1.0" }, {}, "v1 scanner: barracuda"],
    ["[T25] no user agent", { userAgent: "" }, {}, "v1 no-user-agent"],
    [
      "[T26] three links in five seconds",
      {},
      { clicksNearby: [later(2, 2), later(5, 3)] },
      "v1 burst: 3 links in 5 s",
    ],
    [
      "[T26] the middle of a burst",
      {},
      { clicksNearby: [later(-2, 2), later(2.5, 3)] },
      "v1 burst: 3 links in 5 s",
    ],
    [
      "[T27] a click 0.4 s after acceptance",
      { at: accepted + 400 },
      {},
      "v1 too-soon: 400 ms after acceptance",
    ],
    ["[T25] a listed crawler", {}, { isListedBot: true }, "v1 listed-bot"],
  ];
  test.each(machines)("%s is a machine", (_name, hit, more, evidence) => {
    expect(classifyHit(aHit(hit), { ...facts, ...more })).toEqual({ agent: "machine", evidence });
  });
  test("[T26] clicks further apart than the window are not one burst", () => {
    const slow = [later(-4, 2), later(4, 3)];
    expect(classifyHit(aHit(), { ...facts, clicksNearby: slow }).agent).toBe("human");
  });
});
