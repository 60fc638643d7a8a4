/**
 * The address in the form that may stand in a Location header, or undefined unless it is absolute http or https
 * without a user name in it. This is the last gate of every redirect. [T6]
 */
export function webAddress(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || (parsed.protocol !== "http:" && parsed.protocol !== "https:")) return undefined;
  return parsed.username === "" && parsed.password === "" ? parsed.href : undefined;
}
