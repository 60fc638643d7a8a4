/** A key and its text as a form holds them: a list, so that a key can be typed. */
export type Entry = { readonly key: string; readonly value: string };

/** Networks in the order in which they are offered, by the key that templates know them by. */
export const networkNames: Readonly<Record<string, string>> = {
  facebook: "Facebook",
  instagram: "Instagram",
  linkedin: "LinkedIn",
  x: "X",
  youtube: "YouTube",
  tiktok: "TikTok",
  mastodon: "Mastodon",
  bluesky: "Bluesky",
};

/** Opens a record for editing: known keys first, in their order, also if they are empty; then the others by key. */
export function toEntries(
  record: Readonly<Record<string, string>>,
  known: readonly string[] = [],
): readonly Entry[] {
  const others = Object.keys(record)
    .filter((key) => !known.includes(key))
    .sort();
  return [...known, ...others].map((key) => ({ key, value: record[key] ?? "" }));
}

/** Closes it again: entries without a key or text are left out, the last of equal keys wins. */
export function fromEntries(entries: readonly Entry[]): Record<string, string> {
  return Object.fromEntries(
    entries
      .filter(({ key, value }) => key.trim() && value.trim())
      .map(({ key, value }) => [key.trim(), value]),
  );
}
