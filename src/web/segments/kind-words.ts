/** What the kinds of segments are called. */
export const kindWords = {
  dynamic: { label: "By rules", lead: "Its members follow its rules, always up to date" },
  static: { label: "Hand-picked", lead: "Its members stay as they were picked" },
} as const;
