import { hash, verify } from "@node-rs/argon2";
import { refuse } from "#contract/errors.ts";
import { passwordLength, passwordProblem } from "#core/access/password-rules.ts";

/** OWASP's argon2id profile: 19 MiB, two passes. argon2id is the default algorithm of the library. */
const cost = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;

/** Hashes of nobody's password: unknown accounts cost the same time as known ones (Mautic CVE-2025-9824). */
let nobody: Promise<string> | undefined;

/** Hashes a new password, or refuses a weak one. */
export async function hashPassword(password: string, email: string): Promise<string> {
  const problem = passwordProblem(password, email);
  if (problem) refuse("access.password-weak", { problem });
  return hash(password, cost);
}

/** Compares a password with a stored hash. Without one it does the same work and says no. */
export async function isPassword(password: string, storedHash: string | undefined): Promise<boolean> {
  if (password.length > passwordLength.max) return false;
  nobody ??= hash("nobody's password", cost);
  const matches = await verify(storedHash ?? (await nobody), password);
  return matches && storedHash !== undefined;
}
