import type { Finding } from "../../kernel/finding.ts";
import type { Rule } from "../rule.ts";

const usesAddress = /\{\{-?\s*settings\.postal_address\b/;
const why = "Commercial mail must show where its sender can be reached by post (CAN-SPAM and similar laws).";

/** Commercial mail shows the postal address of the content settings in both of its parts, and they have one. */
export const postalAddressShown: Rule = ({ source, contentSettings }, view) => {
  if (source.designation !== "commercial") return [];
  const findings: Finding[] = [];
  const inHtml = usesAddress.test(view.html);
  if (!inHtml) {
    findings.push({
      code: "postal-address.missing-html",
      severity: "error",
      message: "The HTML does not show the postal address.",
      why,
      fix: "Add {{ settings.postal_address }}.",
      where: view.placeInHtml(view.footerPlace),
      repair: {
        label: "Add the postal address",
        field: "html",
        from: view.footerPlace,
        to: view.footerPlace,
        insert: htmlAddress,
      },
    });
  }
  if (!usesAddress.test(view.text) && (source.text !== null || inHtml)) {
    findings.push({
      code: "postal-address.missing-text",
      severity: "error",
      message: "The text part does not show the postal address.",
      why,
      fix: "Add {{ settings.postal_address }}.",
      where: { field: "text" },
      ...(source.text === null
        ? {}
        : {
            repair: {
              label: "Add the address to the text part",
              field: "text",
              from: source.text.length,
              to: source.text.length,
              insert: textAddress,
            },
          }),
    });
  }
  if (contentSettings === null || contentSettings.postalAddress.trim() === "") {
    findings.push({
      code: contentSettings === null ? "content-settings.missing" : "postal-address.blank",
      severity: "error",
      message:
        contentSettings === null
          ? "There are no content settings to send with."
          : `The content settings “${contentSettings.name}” have no postal address.`,
      why,
      fix:
        contentSettings === null
          ? "Make content settings and write the postal address there."
          : "Write the postal address in the content settings.",
      where: { field: "settings" },
    });
  }
  return findings;
};

const htmlAddress = `<p style="font-size:12px;line-height:18px;color:#595959;text-align:center">
{{ settings.company_name }}, {{ settings.postal_address | newline_to_br }}</p>
`;
const textAddress = "\n\n{{ settings.company_name }}\n{{ settings.postal_address }}\n";
