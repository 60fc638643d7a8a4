/** What large relays ask their customers to put into SPF, by the end of their host names. As documented by each in 2026. */
const relays: readonly { readonly ending: string; readonly name: string; readonly include: string }[] = [
  { ending: "amazonaws.com", name: "Amazon SES", include: "amazonses.com" },
  { ending: "sendgrid.net", name: "SendGrid", include: "sendgrid.net" },
  { ending: "sendgrid.com", name: "SendGrid", include: "sendgrid.net" },
  { ending: "mailgun.org", name: "Mailgun", include: "mailgun.org" },
  { ending: "mailgun.net", name: "Mailgun", include: "mailgun.org" },
  { ending: "postmarkapp.com", name: "Postmark", include: "spf.mtasv.net" },
  { ending: "mailjet.com", name: "Mailjet", include: "spf.mailjet.com" },
  { ending: "brevo.com", name: "Brevo", include: "spf.brevo.com" },
  { ending: "sparkpostmail.com", name: "SparkPost", include: "sparkpostmail.com" },
  { ending: "mandrillapp.com", name: "Mailchimp Transactional", include: "spf.mandrillapp.com" },
  { ending: "gmail.com", name: "Google Workspace", include: "_spf.google.com" },
  { ending: "office365.com", name: "Microsoft 365", include: "spf.protection.outlook.com" },
  { ending: "outlook.com", name: "Microsoft 365", include: "spf.protection.outlook.com" },
  { ending: "zoho.com", name: "Zoho", include: "zohomail.com" },
  { ending: "fastmail.com", name: "Fastmail", include: "spf.messagingengine.com" },
];

export type KnownRelay = { readonly name: string; readonly include: string };

/** The provider behind a host name; undefined: a server of one's own, or one that we do not know. */
export function knownRelay(host: string): KnownRelay | undefined {
  const name = host.toLowerCase();
  return relays.find(({ ending }) => name === ending || name.endsWith(`.${ending}`));
}
