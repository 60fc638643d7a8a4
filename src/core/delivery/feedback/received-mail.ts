/** A mail that came back, as far as it matters here; read by a MIME parser at the edge, and bounded there. */
export type ReceivedMail = {
  /** Who it was for by the envelope; empty where only the mail itself is known. */
  readonly recipients: readonly string[];
  /** Names in lower case, values unfolded, in their order. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** What a person would read. */
  readonly text: string;
  /** Parts for machines and what was enclosed: type in lower case, content as text. */
  readonly parts: readonly { readonly type: string; readonly text: string }[];
};

/** The first header of a name; empty if there is none. */
export function headerOf(mail: Pick<ReceivedMail, "headers">, name: string): string {
  return mail.headers.find((header) => header.name === name)?.value.trim() ?? "";
}

/** The fields of a block such as a delivery status (RFC 822 syntax), unfolded, names in lower case. */
export function readFields(block: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of block.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}
