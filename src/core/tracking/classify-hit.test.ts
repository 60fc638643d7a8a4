import { describe, expect, test } from "vitest";
import { classifyHit, type HitFacts, isSameJudgement } from "./classify-hit.ts";
import type { Hit } from "./hit.ts";
import { surroundingsOf } from "./surroundings.ts";

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
const facts: HitFacts = {
  isListedBot: false,
  network: undefined,
  acceptedAt: accepted,
  burst: 0,
  crowd: 0,
  isByTrap: false,
};
/** How a click at `accepted + 60 s` on link 1 is judged among others of its delivery. */
function among(...others: readonly { readonly seconds: number; readonly link: number }[]) {
  const hit = aHit();
  const around = surroundingsOf([
    hit,
    ...others.map(({ seconds, link }) => aHit({ linkNumber: link, at: hit.at + seconds * 1000 })),
  ]);
  return classifyHit(hit, { ...facts, burst: around.burstAt(hit.at) });
}

describe("people", () => {
  test("[T20] one click three seconds after delivery is a person's", () => {
    expect(classifyHit(aHit({ at: accepted + 3000 }), facts)).toEqual({ agent: "human", evidence: null });
  });
  test("[T26] two links in four seconds are a person's", () => {
    expect(among({ seconds: 4, link: 2 }).agent).toBe("human");
  });
  test("[T26] one link clicked five times at once is a person's", () => {
    const again = [0.1, 0.2, 0.3, 0.4].map((seconds) => ({ seconds, link: 1 }));
    expect(among(...again).agent).toBe("human");
  });
  test("[T23] an open through the image proxy of Gmail or Yahoo is a person's, with evidence", () => {
    const gmail = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)";
    expect(classifyHit(aHit({ kind: "open", userAgent: gmail }), { ...facts, isListedBot: true })).toEqual({
      agent: "human",
      evidence: "v2 image-proxy: googleimageproxy",
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
    ["[T21] HEAD", { method: "HEAD" }, {}, "v2 method: HEAD"],
    ["[T22] a prefetch", { prefetch: "prefetch;prerender" }, {}, "v2 prefetch: prefetch;prerender"],
    [
      "[T24] the bare Mozilla/5.0 of Apple's privacy proxy",
      { kind: "open", userAgent: "Mozilla/5.0" },
      {},
      "v2 mail-privacy-proxy",
    ],
    ["[T25] a gateway that names itself", { userAgent: "BarracudaCentral/1.0" }, {}, "v2 scanner: barracuda"],
    ["[T25] no user agent", { userAgent: "" }, {}, "v2 no-user-agent"],
    [
      "[T27] a click 0.4 s after acceptance",
      { at: accepted + 400 },
      {},
      "v2 too-soon: 400 ms after acceptance",
    ],
    [
      "[T27] an open 0.4 s after acceptance, even by Gmail's proxy",
      { kind: "open", at: accepted + 400, userAgent: "GoogleImageProxy" },
      {},
      "v2 too-soon: 400 ms after acceptance",
    ],
    ["[T52] a scanner's network", {}, { network: "192.0.2.0/24" }, "v2 network: 192.0.2.0/24"],
    ["[T53] fifty recipients in a minute", {}, { crowd: 50 }, "v2 crowd: 50 recipients in 60 s"],
    ["[T54] the hidden link", { kind: "trap" }, {}, "v2 hidden-link"],
    ["[T54] whoever followed it", { kind: "open" }, { isByTrap: true }, "v2 followed-hidden-link"],
    ["[T25] a listed crawler", {}, { isListedBot: true }, "v2 listed-bot"],
  ];
  test.each(machines)("%s is a machine", (_name, hit, more, evidence) => {
    expect(classifyHit(aHit(hit), { ...facts, ...more })).toEqual({ agent: "machine", evidence });
  });
  test("[T26] three links in five seconds, whichever of them is judged", () => {
    const burst = { agent: "machine", evidence: "v2 burst: 3 links in 5 s" };
    expect(among({ seconds: 2, link: 2 }, { seconds: 5, link: 3 })).toEqual(burst);
    expect(among({ seconds: -2, link: 2 }, { seconds: 2.5, link: 3 })).toEqual(burst);
  });
  test("[T26] clicks further apart than the window are not one burst", () => {
    expect(among({ seconds: -4, link: 2 }, { seconds: 4, link: 3 }).agent).toBe("human");
  });
  test("[T53] opens of a crowd are a company's mail programs", () => {
    expect(classifyHit(aHit({ kind: "open" }), { ...facts, crowd: 500 }).agent).toBe("human");
  });
});

describe("the hidden link", () => {
  const trap = aHit({ kind: "trap", ip: "198.51.100.7" });
  const around = surroundingsOf([trap]);
  const by = (ip: string, seconds: number) =>
    around.isByTrap({ ip, userAgent: chrome, at: trap.at + seconds * 1000 });

  test("[T54] gives the same visitor away for ten minutes, and others for five seconds", () => {
    expect([by("198.51.100.7", 599), by("198.51.100.7", -599), by("198.51.100.7", 601)]).toEqual([
      true,
      true,
      false,
    ]);
    expect([by("192.0.2.9", 5), by("192.0.2.9", -5), by("192.0.2.9", 6)]).toEqual([true, true, false]);
  });
});

describe("a judgement", () => {
  test("[T55] is the same whichever version of the rules it came from", () => {
    expect(
      isSameJudgement(
        { agent: "machine", evidence: "v1 scanner: vade" },
        { agent: "machine", evidence: "v2 scanner: vade" },
      ),
    ).toBe(true);
    expect(
      isSameJudgement(
        { agent: "machine", evidence: "v1 listed-bot" },
        { agent: "machine", evidence: "v2 hidden-link" },
      ),
    ).toBe(false);
    expect(
      isSameJudgement(
        { agent: "human", evidence: null },
        { agent: "human", evidence: "v2 image-proxy: yahoomailproxy" },
      ),
    ).toBe(false);
  });
});
