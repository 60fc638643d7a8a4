/** Limits of a password in characters. The upper one keeps hashing from being a way to burn our processor. */
export const passwordLength = { min: 10, max: 1000 } as const;

/** The most used passwords of ten characters or more in published leaks, which every guessing list starts with. */
const common = new Set([
  "1234567890",
  "0123456789",
  "12345678910",
  "0987654321",
  "1111111111",
  "123456789a",
  "1q2w3e4r5t",
  "1qaz2wsx3edc",
  "qwertyuiop",
  "password123",
  "password1234",
  "passwordpassword",
  "administrator",
  "changeme123",
  "letmein123",
  "welcome123",
  "iloveyou123",
]);

/** Says in a sentence what is wrong with a new password, or undefined if it will do. */
export function passwordProblem(password: string, email: string): string | undefined {
  if (password.length < passwordLength.min) return `Use at least ${passwordLength.min} characters.`;
  if (password.length > passwordLength.max) return `Use at most ${passwordLength.max} characters.`;
  const lower = password.toLowerCase();
  if (common.has(lower)) return "This is one of the most used passwords. Choose another one.";
  if (new Set(lower).size < 4) return "Use more different characters.";
  if (lower === email.toLowerCase() || lower === email.toLowerCase().split("@")[0])
    return "The password must not be the email address.";
  return undefined;
}
