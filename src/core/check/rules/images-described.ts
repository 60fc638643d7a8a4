import type { Rule } from "../rule.ts";

/** Every image says what it shows, or says with an empty alt that it is decoration. */
export const imagesDescribed: Rule = (_, view) => {
  const bare = view.tags.filter(
    (tag) => tag.name === "img" && !tag.isClosing && !tag.forOutlook && !view.attribute(tag, "alt"),
  );
  return bare.map((tag) => {
    const at = tag.start + "<img".length;
    return {
      code: "image.no-alt",
      severity: "warning" as const,
      message: "An image has no alternative text.",
      why: "Many people see mail without images or have it read to them.",
      fix: 'Add alt="…" with what it says, or alt="" if it is decoration.',
      where: view.placeInHtml(tag.start),
      repair: {
        label: 'Mark as decoration (alt="")',
        field: "html",
        from: at,
        to: at,
        insert: ' alt=""',
      },
    };
  });
};
