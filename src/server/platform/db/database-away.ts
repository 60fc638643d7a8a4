/** True if the database is away rather than unhappy with a statement: connection errors and SQLSTATE classes 08 and 57P. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return (
    ["ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE", "53300"].includes(code) ||
    code.startsWith("08") ||
    code.startsWith("57P") ||
    /timeout exceeded when trying to connect|Connection terminated/.test(error.message)
  );
}
