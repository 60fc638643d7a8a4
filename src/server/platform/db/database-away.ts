/** What the network says of a server that cannot be reached. */
const unreachable = [
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
];

/** True if the database is away rather than unhappy with a statement: connection errors and SQLSTATE classes 08 and 57P. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return (
    unreachable.includes(code) ||
    code === "53300" ||
    code.startsWith("08") ||
    code.startsWith("57P") ||
    /timeout exceeded when trying to connect|timeout expired|Connection terminated/.test(error.message)
  );
}
