import type { Rule } from "../rule.ts";

/** SPF, DKIM and DMARC of the sending domain are in order, as the large mailbox providers demand since 2024. */
export const domainAuthenticated: Rule = ({ senderDomain }) =>
  senderDomain && senderDomain.faults.length > 0
    ? [
        {
          code: "domain.not-authenticated",
          severity: "warning",
          message: `${senderDomain.domain} is not authenticated: ${senderDomain.faults.join(" ")}`,
          why: "Gmail, Yahoo and Outlook put such mail into spam or refuse it.",
          fix: "Publish the records that Settings, Sending shows for the domain.",
          where: { field: "fromAddress" },
        },
      ]
    : [];
