import { expect, test } from "vitest";
import {
  type AddressStanding,
  type MailPurpose,
  mailableReason,
  type SuppressionCategory,
} from "./may-send.ts";

const now = new Date("2026-11-23T12:00:00Z");
const later = new Date("2026-11-24T12:00:00Z");
const commercial: MailPurpose = { designation: "commercial", topicId: "1" };
const transactional: MailPurpose = { designation: "transactional", topicId: "1" };
const forward: MailPurpose = { designation: "commercial", topicId: "1", isForward: true };
const optIn = { requireOptIn: true };

function standing(consents: Record<string, boolean>, ...categories: SuppressionCategory[]): AddressStanding {
  return {
    consents: new Map(Object.entries(consents)),
    suppressions: categories.map((category) => ({ category, expiresAt: null, liftedAt: null })),
  };
}

test("[C8] complaint, hard bounce and hand stop transactional mail too, and the gravest is the reason", () => {
  for (const category of ["complaint", "hard-bounce", "manual"] as const)
    expect(mailableReason(transactional, standing({}, category), optIn, now)).toBe(`suppressed-${category}`);
  expect(
    mailableReason(commercial, standing({ 1: true }, "soft-bounce", "manual", "complaint"), optIn, now),
  ).toBe("suppressed-complaint");
});

test("[C9] imported suppressions and soft bounces stop commercial mail only", () => {
  for (const category of ["imported", "soft-bounce"] as const) {
    expect(mailableReason(transactional, standing({}, category), optIn, now)).toBeUndefined();
    expect(mailableReason(commercial, standing({ 1: true }, category), optIn, now)).toBe(
      `suppressed-${category}`,
    );
  }
});

test("[C10] opting out of forwarded copies stops those only", () => {
  const address = standing({ 1: true }, "forward-opt-out");
  expect(mailableReason(forward, address, optIn, now)).toBe("suppressed-forward-opt-out");
  expect(mailableReason(commercial, address, optIn, now)).toBeUndefined();
});

test("[C11] [C12] withdrawing stops every commercial mail, or that of a topic, whatever the workspace requires", () => {
  for (const requireOptIn of [true, false]) {
    expect(mailableReason(commercial, standing({ 0: false, 1: true }), { requireOptIn }, now)).toBe(
      "opted-out",
    );
    expect(mailableReason(commercial, standing({ 1: false }), { requireOptIn }, now)).toBe("topic-withdrawn");
  }
});

test("[C13] without opt-in nothing goes out for a topic where it is required; a forwarded copy needs none", () => {
  expect(mailableReason(commercial, standing({}), optIn, now)).toBe("no-consent");
  expect(mailableReason(commercial, standing({ 0: true }), optIn, now)).toBe("no-consent");
  expect(mailableReason(commercial, standing({}), { requireOptIn: false }, now)).toBeUndefined();
  expect(mailableReason(forward, standing({}), optIn, now)).toBeUndefined();
  expect(mailableReason({ ...commercial, topicId: null }, standing({}), optIn, now)).toBeUndefined();
});

test("[C14] consent does not matter to transactional mail", () => {
  expect(mailableReason(transactional, standing({ 0: false, 1: false }), optIn, now)).toBeUndefined();
});

test("[C16] an expired or lifted suppression stops nothing", () => {
  const over = (expiresAt: Date | null, liftedAt: Date | null): AddressStanding => ({
    consents: new Map(),
    suppressions: [{ category: "complaint", expiresAt, liftedAt }],
  });
  expect(mailableReason(transactional, over(now, null), optIn, now)).toBeUndefined();
  expect(mailableReason(transactional, over(null, now), optIn, now)).toBeUndefined();
  expect(mailableReason(transactional, over(later, null), optIn, now)).toBe("suppressed-complaint");
});
