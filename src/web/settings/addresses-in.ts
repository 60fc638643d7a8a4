/** The addresses in pasted text, split at line ends, commas, semicolons and blanks; each once, in their order. */
export function addressesIn(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}
