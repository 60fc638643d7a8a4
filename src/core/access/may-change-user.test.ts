import { expect, test } from "vitest";
import { mayChangeUser } from "./may-change-user.ts";
import { passwordProblem } from "./password-rules.ts";

const owner = { id: "1", role: "owner" } as const;
const admin = { id: "2", role: "admin" } as const;

test("the last owner can neither be demoted nor disabled", () => {
  const target = { id: "1", role: "owner", isDisabled: false } as const;
  for (const change of [{ role: "admin" as const }, { disabled: true }])
    expect(mayChangeUser({ actor: owner, target, otherActiveOwners: 0, change })).toEqual({
      ok: false,
      error: "access.last-owner",
    });
});

test("an admin can neither make an owner nor change one", () => {
  const changes = [
    { target: { id: "3", role: "analyst", isDisabled: false }, change: { role: "owner" } },
    { target: { id: "1", role: "owner", isDisabled: false }, change: { disabled: true } },
    { target: { id: "1", role: "owner", isDisabled: true }, change: { role: "analyst" } },
  ] as const;
  for (const each of changes)
    expect(mayChangeUser({ actor: admin, otherActiveOwners: 1, ...each })).toEqual({
      ok: false,
      error: "access.owner-only",
    });
});

test("an owner may step down while another owner remains", () => {
  const target = { id: "1", role: "owner", isDisabled: false } as const;
  expect(mayChangeUser({ actor: owner, target, otherActiveOwners: 1, change: { role: "admin" } }).ok).toBe(
    true,
  );
});

test("nobody disables the account they are signed in with", () => {
  const target = { id: "2", role: "admin", isDisabled: false } as const;
  expect(mayChangeUser({ actor: admin, target, otherActiveOwners: 1, change: { disabled: true } })).toEqual({
    ok: false,
    error: "access.own-account",
  });
});

test("short, common, monotonous passwords and the own address are refused", () => {
  for (const password of ["short", "password123", "aaaaaaaaaaaaaa", "Ana.Ruiz@example.com", "x".repeat(1001)])
    expect(passwordProblem(password, "ana.ruiz@example.com")).toBeTypeOf("string");
  expect(passwordProblem("correct horse battery", "ana.ruiz@example.com")).toBeUndefined();
});
