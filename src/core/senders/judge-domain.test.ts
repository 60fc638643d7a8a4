import { describe, expect, test } from "vitest";
import { checkSpf } from "./check-spf.ts";
import { walkDmarc } from "./dmarc.ts";
import { type Answer, openBook } from "./dns-book.ts";
import { judgeDomain } from "./judge-domain.ts";
import { judgePublishedKey } from "./published-key.ts";
import { readSpf } from "./read-spf.ts";
import { decideSigning, type KeyFacts, nextLookMilliseconds, planTakeOver, removableAt } from "./signing.ts";

type Zone = Readonly<Record<string, readonly string[]>>;

/** A book in which everything that the zone does not have is absent, and `down` gives no answer. */
function bookOf(zone: Zone, down: readonly string[] = []) {
  const known = {
    get: (key: string): Answer => {
      if (down.some((name) => key.endsWith(` ${name}`))) return { kind: "failed", reason: "ETIMEOUT" };
      const values = zone[key];
      return values ? { kind: "found", values } : { kind: "absent" };
    },
  };
  return openBook(Object.assign(new Map<string, Answer>(), known));
}

const key = { selector: "p1", algorithm: "rsa-sha256", publicKey: "MIIB+/=" } as const;
const found = (...values: string[]): Answer => ({ kind: "found", values });

test.each([
  [found("v=DKIM1; k=rsa; p=MIIB+/="), "right"],
  [found("p = MII B+/= ; k=rsa"), "right"],
  [found("unrelated", "k=rsa; p=MIIB+/="), "right"],
  [found("v=DKIM1; p=OTHER"), "different"],
  [found("v=DKIM1; k=ed25519; p=MIIB+/="), "different"],
  [found("v=DKIM1; p="), "revoked"],
  [found("v=DKIM1; t=s:y; p=MIIB+/="), "testing"],
  [found("p=MIIB+/=", "p=MIIB+/="), "several"],
  [found("unrelated"), "missing"],
  [{ kind: "absent" }, "missing"],
  [{ kind: "failed", reason: "timeout" }, undefined],
] as const)("DKIM %j is %s", (answer, verdict) => {
  expect(judgePublishedKey(key, answer)).toBe(verdict);
});

describe("SPF", () => {
  const spf = (text: string, more: Zone = {}) => bookOf({ "TXT example.com": [text], ...more });
  test.each<[string, string, Zone?]>([
    [
      "v=spf1 include:amazonses.com ~all",
      "good",
      { "TXT amazonses.com": ["v=spf1 ip4:199.255.192.0/22 -all"] },
    ],
    [
      "v=spf1 redirect=all.example.com",
      "good",
      { "TXT all.example.com": ["v=spf1 include:amazonses.com -all"], "TXT amazonses.com": ["v=spf1 -all"] },
    ],
    ["v=spf1 mx -all", "warning", { "MX example.com": ["10 mx.example.com"] }],
    ["v=spf1 include:amazonses.com", "warning", { "TXT amazonses.com": ["v=spf1 -all"] }],
    ["v=spf1 +all", "error"],
    ["v=spf1 all", "error"],
    ["v=spf1 include:nowhere.example -all", "error"],
    ["v=spf1 ipv4:1.2.3.4 -all", "error"],
    ["v=spf1 ip4:1.2.3.400 -all", "error"],
    ["v=spf1 include:example.com -all", "error"],
    ["v=spf1 a:a.example a:b.example a:c.example -all", "error"],
    [`v=spf1 ${"a ".repeat(11)}-all`, "error", { "A example.com": ["192.0.2.1"] }],
    ["v=spf10 -all", "error"],
  ])("%s is %s", (text, severity, more) => {
    expect(
      checkSpf(
        "example.com",
        [{ routeName: "SES", host: "email-smtp.eu-west-1.amazonaws.com" }],
        spf(text, more),
      ).severity,
    ).toBe(severity);
  });

  test("look-ups are counted through includes", () => {
    const zone = {
      "TXT a.test": ["v=spf1 mx a -all"],
      "MX example.com": ["1 m"],
      "A a.test": ["192.0.2.1"],
      "MX a.test": ["1 a.test"],
    };
    expect(
      readSpf("example.com", spf("v=spf1 include:a.test exists:%{i}.x.test ip4:192.0.2.0/24 -all", zone)),
    ).toMatchObject({ lookups: 4, voids: 0, faults: [] });
  });

  test("what is missing is put into the record that there is", () => {
    const finding = checkSpf(
      "example.com",
      [{ routeName: "Own", host: "mail.example.net" }],
      spf("v=spf1 mx -all", { "A mail.example.net": ["192.0.2.7"] }),
    );
    expect(finding.record?.value).toBe("v=spf1 mx a:mail.example.net -all");
    const covered = spf("v=spf1 ip4:192.0.2.0/24 -all", { "A mail.example.net": ["192.0.2.7"] });
    expect(checkSpf("example.com", [{ routeName: "Own", host: "mail.example.net" }], covered).severity).toBe(
      "good",
    );
  });

  test("two records are joined into one", () => {
    const book = bookOf({ "TXT example.com": ["v=spf1 mx -all", "v=spf1 a -all"] });
    expect(checkSpf("example.com", [], book)).toMatchObject({
      severity: "error",
      record: { value: "v=spf1 mx a ~all" },
    });
  });

  test("no answer is no fault", () => {
    expect(checkSpf("example.com", [], bookOf({}, ["example.com"])).severity).toBe("unknown");
  });
});

describe("the DMARC tree walk", () => {
  test.each<[string, Zone, string | undefined, string]>([
    ["a.b.example.com", { "TXT _dmarc.example.com": ["v=DMARC1; p=reject"] }, "example.com", "example.com"],
    [
      "a.example.com",
      { "TXT _dmarc.a.example.com": ["v=DMARC1; p=none"], "TXT _dmarc.example.com": ["v=DMARC1; p=reject"] },
      "a.example.com",
      "example.com",
    ],
    [
      "a.example.com",
      {
        "TXT _dmarc.a.example.com": ["v=DMARC1; p=none; psd=n"],
        "TXT _dmarc.example.com": ["v=DMARC1; p=reject"],
      },
      "a.example.com",
      "a.example.com",
    ],
    [
      "a.example.co.test",
      { "TXT _dmarc.co.test": ["v=DMARC1; p=reject; psd=y"] },
      "co.test",
      "example.co.test",
    ],
    ["example.com", {}, undefined, "example.com"],
    [
      "example.com",
      { "TXT _dmarc.example.com": ["v=DMARC1; p=none", "v=DMARC1; p=reject"] },
      undefined,
      "example.com",
    ],
  ])("of %s over %j ends at %s", (domain, zone, applies, organisation) => {
    const walk = walkDmarc(domain, bookOf(zone));
    expect([walk.applies?.domain, walk.organisation]).toEqual([applies, organisation]);
  });

  test("a long name is asked about eight times at most", () => {
    const book = openBook(new Map());
    walkDmarc("a.b.c.d.e.f.g.h.i.j.example.com", book);
    expect(book.open.map(({ name }) => name.split(".").length - 1)).toEqual([12, 7, 6, 5, 4, 3, 2, 1]);
  });
});

describe("[S1] a whole domain", () => {
  const facts = {
    domain: "news.example.com",
    keys: [{ ...key, life: "signing", signingSince: 0, retiredAt: null } as const],
    roads: [{ routeName: "Own", host: "127.0.0.1", bounceDomain: "bounce.other.test" }],
    helloName: "mail.example.com",
    now: Date.parse("2026-01-01"),
  };
  const good: Zone = {
    "TXT p1._domainkey.news.example.com": ["v=DKIM1; p=MIIB+/="],
    "TXT bounce.other.test": ["v=spf1 a:mail.example.com -all"],
    "A mail.example.com": ["192.0.2.1"],
    "PTR 1.2.0.192.in-addr.arpa": ["mail.example.com"],
    "TXT _dmarc.example.com": ["v=DMARC1; p=reject; rua=mailto:d@example.com; pct=50"],
    "MX news.example.com": ["10 mail.example.com"],
    "MX bounce.other.test": ["0 "],
  };
  const say = (zone: Zone, down?: readonly string[]) =>
    judgeDomain(facts, bookOf(zone, down)).map(({ check, name, severity }) => `${check} ${name} ${severity}`);

  test("every check speaks about its own name", () => {
    expect(say(good)).toEqual([
      "dkim p1._domainkey.news.example.com advice",
      "spf bounce.other.test good",
      "dmarc _dmarc.example.com good",
      "dmarc bounce.other.test advice",
      "mx news.example.com good",
      "mx bounce.other.test error",
      "host mail.example.com good",
      "bimi default._bimi.news.example.com advice",
    ]);
  });

  test("pct is called gone, not wrong; a key published under a doubled name is found", () => {
    const { "TXT p1._domainkey.news.example.com": record = [], ...others } = good;
    const findings = judgeDomain(
      facts,
      bookOf({ ...others, "TXT p1._domainkey.news.example.com.news.example.com": record }),
    );
    expect(findings[0]).toMatchObject({
      severity: "error",
      message: expect.stringContaining("stands there twice"),
    });
    expect(findings[2]?.message).toContain("pct is not part of DMARC any more");
  });

  test("an address whose name does not lead back is an error, and the record says what to publish", () => {
    const findings = judgeDomain(
      facts,
      bookOf({ ...good, "PTR 1.2.0.192.in-addr.arpa": ["other.example.net"] }),
    );
    expect(findings[6]).toMatchObject({
      severity: "error",
      record: { type: "PTR", value: "mail.example.com" },
    });
  });

  test("where DNS does not answer nothing is called wrong", () => {
    expect(
      say({}, [
        "com",
        "test",
        "news.example.com",
        "_dmarc.news.example.com",
        "_dmarc.example.com",
        "_dmarc.com",
        "p1._domainkey.news.example.com",
        "bounce.other.test",
        "mail.example.com",
        "default._bimi.news.example.com",
      ]).filter((each) => each.endsWith("error")),
    ).toEqual([]);
  });
});

const signing = (changes: Partial<KeyFacts> = {}): KeyFacts => ({
  id: "1",
  selector: "p1",
  life: "signing",
  published: "right",
  wasSeen: true,
  isForced: false,
  replacesId: null,
  ...changes,
});

describe("[S3] signing", () => {
  test.each<[string, readonly KeyFacts[], string]>([
    ["a right key", [signing()], "signs"],
    ["a testing key", [signing({ published: "testing" })], "signs"],
    ["a key that was never seen", [signing({ published: "missing", wasSeen: false })], "unsigned"],
    ["a forced key", [signing({ published: "missing", wasSeen: false, isForced: true })], "signs"],
    ["another key in DNS", [signing({ published: "different" })], "held"],
    ["a withdrawn key", [signing({ published: "revoked" })], "held"],
    ["one right of two", [signing({ published: "different" }), signing({ id: "2" })], "signs"],
    ["only retired keys", [signing({ life: "retired" })], "unsigned"],
  ])("%s: %s", (_, keys, kind) => {
    expect(decideSigning(keys, "hold").kind).toBe(kind);
    expect(decideSigning(keys, "unsigned").kind).toBe(kind === "held" ? "unsigned" : kind);
  });

  test("[S5] a new key takes over only when its record is right", () => {
    const waiting = signing({ id: "2", life: "waiting", replacesId: "1" });
    expect(planTakeOver([signing(), waiting])).toEqual({ starting: ["2"], retiring: ["1"] });
    expect(planTakeOver([signing(), { ...waiting, published: "missing" }])).toEqual({
      starting: [],
      retiring: [],
    });
    expect(removableAt(0)).toBe(7 * 86_400_000);
  });

  test("[S6] somebody who waits is looked after within minutes, the rest daily", () => {
    const look = (keys: readonly KeyFacts[], answered = true, age = 0) =>
      nextLookMilliseconds(decideSigning(keys, "hold"), keys, answered, age) / 60_000;
    expect(look([signing()])).toBe(1440);
    expect(look([signing()], false)).toBe(5);
    expect(look([signing({ published: "different" })])).toBe(5);
    expect(look([signing({ published: "missing", wasSeen: false })])).toBe(5);
    expect(look([signing({ published: "missing", wasSeen: false })], true, 2 * 86_400_000)).toBe(60);
  });
});
