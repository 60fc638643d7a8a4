import { expect, test } from "vitest";
import { auditDetails, auditSubject } from "./audit-words.ts";

test("an entry of the audit log is readable on one line", () => {
  expect(auditSubject({ subjectKind: "contact", subjectId: "12" })).toBe("contact 12");
  expect(auditSubject({ subjectKind: null, subjectId: null })).toBe("–");
  expect(auditDetails({ role: "admin", disabled: true, fields: ["city"] })).toBe(
    'role: admin, disabled: true, fields: ["city"]',
  );
  expect(auditDetails({})).toBe("");
});
