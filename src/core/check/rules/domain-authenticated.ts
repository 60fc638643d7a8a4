import type { Rule } from "../rule.ts";

/** SPF, DKIM and DMARC of the sending domain are in order, as the large mailbox providers demand since 2024. */
export const domainAuthenticated: Rule = ({ domainAuthenticated: isAuthenticated }) =>
  isAuthenticated === false
    ? [
        {
          code: "domain.not-authenticated",
          severity: "warning",
          message: "The sending domain is not authenticated.",
          why: "Gmail, Yahoo and Outlook put such mail into spam or refuse it.",
          fix: "Add the DNS records shown with the sending domain.",
          where: { field: "fromAddress" },
        },
      ]
    : [];
