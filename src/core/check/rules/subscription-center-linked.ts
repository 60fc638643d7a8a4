import type { Finding } from "../../kernel/finding.ts";
import type { Rule } from "../rule.ts";

const usesCenter = /\{\{-?\s*links\.subscription_center\b/;
const leadsToCenter = new RegExp(`^\\s*${usesCenter.source}`);
const why = "The law and the large mailbox providers demand a way out in every commercial message.";

/** Commercial mail links to the subscription centre in both of its parts; a bare unsubscribe link is not enough. */
export const subscriptionCenterLinked: Rule = ({ source }, view) => {
  if (source.designation !== "commercial") return [];
  const findings: Finding[] = [];
  const isLinked = view.tags.some((tag) => {
    const href = view.attribute(tag, "href");
    return href && leadsToCenter.test(view.html.slice(href.valueStart, href.valueEnd));
  });
  if (!isLinked) {
    findings.push({
      code: "subscription-center.missing-html",
      severity: "error",
      message: "The HTML has no link to the subscription centre.",
      why,
      fix: "Add a link to {{ links.subscription_center }}.",
      where: view.placeInHtml(view.footerPlace),
      repair: {
        label: "Add a subscription centre footer",
        field: "html",
        from: view.footerPlace,
        to: view.footerPlace,
        insert: htmlFooter,
      },
    });
  }
  if (!usesCenter.test(view.text) && (source.text !== null || isLinked)) {
    findings.push({
      code: "subscription-center.missing-text",
      severity: "error",
      message: "The text part has no link to the subscription centre.",
      why,
      fix: "Add a line with {{ links.subscription_center }}.",
      where: { field: "text" },
      ...(source.text === null
        ? {}
        : {
            repair: {
              label: "Add the link to the text part",
              field: "text",
              from: source.text.length,
              to: source.text.length,
              insert: textFooter,
            },
          }),
    });
  }
  return findings;
};

const htmlFooter = `<p style="font-size:12px;line-height:18px;color:#595959;text-align:center">
<a href="{{ links.subscription_center }}" style="color:#595959">Change what you receive</a> &middot;
<a href="{{ links.unsubscribe }}" style="color:#595959">Unsubscribe</a></p>
`;
const textFooter = "\n\nChange what you receive: {{ links.subscription_center }}\n";
