/**
 * An address that its owner recognises and nobody else learns: `a•••@e•••.com`. A forwarded message opens the same
 * page, so the page must not tell whose it is.
 */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf("@");
  if (at < 1) return "•••";
  const domain = address.slice(at + 1);
  const dot = domain.lastIndexOf(".");
  const first = (text: string) => [...text][0] ?? "";
  const ending = dot > 0 ? domain.slice(dot) : "";
  return `${first(address)}•••@${first(domain)}•••${ending}`;
}
