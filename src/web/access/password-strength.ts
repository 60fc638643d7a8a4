import { passwordLength, passwordProblem } from "#core/access/password-rules.ts";

export type Strength = { readonly level: 0 | 1 | 2 | 3; readonly words: string };

/** What to say about a password being typed: the rule it still breaks, or how good it is. Empty text says nothing yet. */
export function passwordStrength(password: string, email: string): Strength {
  if (password === "")
    return {
      level: 0,
      words: `At least ${passwordLength.min} characters. Several words are easy to keep and hard to guess.`,
    };
  const problem = passwordProblem(password, email);
  if (problem) return { level: 1, words: problem };
  const isLong = password.length >= 16;
  return isLong ? { level: 3, words: "Strong." } : { level: 2, words: "Good. Longer is stronger." };
}
