import { expect, test } from "vitest";
import { judgeRecord, type Lookup, wantedRecords } from "./domain-records.ts";

const keys = [{ selector: "p1", algorithm: "rsa-sha256", publicKey: "MIIB+/=" }] as const;
const [dkim, spf, dmarc] = wantedRecords("example.com", keys);
const found = (...texts: string[]): Lookup => ({ kind: "found", texts });
const stateOf = (wanted: typeof dkim, lookup: Lookup) => wanted && judgeRecord(wanted, lookup).state;

test("records are named and written as DNS wants them", () => {
  expect(dkim).toMatchObject({ name: "p1._domainkey.example.com", value: "v=DKIM1; k=rsa; p=MIIB+/=" });
  expect(spf).toMatchObject({ name: "example.com" });
  expect(dmarc).toMatchObject({ name: "_dmarc.example.com" });
});

test.each([
  [found("v=DKIM1; k=rsa; p=MIIB+/="), "ok"],
  [found("p = MII B+/= ; k=rsa"), "ok"],
  [found("unrelated", "k=rsa; p=MIIB+/="), "ok"],
  [found("v=DKIM1; p=OTHER"), "wrong"],
  [found("v=DKIM1; p="), "wrong"],
  [found("v=DKIM1; t=s:y; p=MIIB+/="), "wrong"],
  [found("p=MIIB+/=", "p=MIIB+/="), "wrong"],
  [found("unrelated"), "missing"],
  [{ kind: "absent" }, "missing"],
  [{ kind: "failed", reason: "timeout" }, "unknown"],
] as const)("DKIM %j is %s", (lookup, state) => {
  expect(stateOf(dkim, lookup)).toBe(state);
});

test.each([
  [found("v=spf1 include:relay.example ~all"), "ok"],
  [found("other", "V=SPF1 mx -all"), "ok"],
  [found("v=spf1 redirect=_spf.example.com"), "ok"],
  [found("v=spf1 mx -all", "v=spf1 a -all"), "wrong"],
  [found("v=spf1 +all"), "wrong"],
  [found("v=spf1 all"), "wrong"],
  [found("v=spf1 mx ?all"), "wrong"],
  [found(`v=spf1 ${"include:a.example ".repeat(11)}-all`), "wrong"],
  [found("v=spf10 -all"), "missing"],
  [{ kind: "absent" }, "missing"],
] as const)("SPF %j is %s", (lookup, state) => {
  expect(stateOf(spf, lookup)).toBe(state);
});

test.each([
  [found("v=DMARC1; p=none; rua=mailto:a@b.test"), "ok"],
  [found("v=DMARC1; P=Reject"), "ok"],
  [found("v=DMARC1; rua=mailto:a@b.test"), "wrong"],
  [found("v=DMARC1; p=maybe"), "wrong"],
  [found("v=DMARC1; p=none", "v=DMARC1; p=none"), "wrong"],
  [{ kind: "absent" }, "missing"],
] as const)("DMARC %j is %s", (lookup, state) => {
  expect(stateOf(dmarc, lookup)).toBe(state);
});
