/**
 * Text without regard to letter case, by Unicode's simple one-to-one mapping.
 *
 * [SG3] The database does the same with `fold_case(…)` (migration 0013). JavaScript's own lower case maps İ
 * to two characters and looks at neighbours for the final sigma, so it is applied per character.
 */
export function foldCase(text: string): string {
  const plain = text.toLowerCase();
  if (isAscii(text)) return plain;
  let folded = "";
  for (const character of text) folded += character === "\u0130" ? "i" : character.toLowerCase();
  return folded;
}

function isAscii(text: string): boolean {
  return /^[\u0020-\u007e]*$/.test(text);
}
