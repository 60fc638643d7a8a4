import { guardFields, notice, textField } from "./form-fields.ts";
import { forwardLimits } from "./forward-request.ts";
import { html } from "./html.ts";
import { pageLayout } from "./page-layout.ts";
import type { PageTheme } from "./theme.ts";

export type ForwardForm = {
  readonly theme: PageTheme;
  readonly intro: string;
  readonly subject: string;
  readonly actionUrl: string;
  readonly made: string;
  /** What was filled in before, if the form comes back. */
  readonly fields: Readonly<Record<string, string>>;
  /** Problems by field name; "" is the form's own. */
  readonly problems: Readonly<Record<string, string>>;
};

/** The form with which a contact sends friends a copy of their own. */
export function forwardPage(form: ForwardForm): string {
  const { theme, intro, subject, actionUrl, made, fields, problems } = form;
  const title = "Forward to a friend";
  const own = problems[""];
  const rows = Array.from({ length: forwardLimits.perDelivery }, (_, index) => index + 1);
  return pageLayout({
    title,
    theme,
    body: html`<h1>${title}</h1>
${own && notice("bad", own)}
${intro === "" ? html`<p>Each friend gets a fresh copy${subject !== "" && html` of “<b>${subject}</b>”`} without anything about you.</p>` : html`<p class="text">${intro}</p>`}
<form method="post" action="${actionUrl}">
${guardFields(made)}
${rows.map(
  (row) => html`<fieldset><legend class="soft small">Friend ${row}</legend><div class="pair">
${textField({ name: `email_${row}`, label: "Email", type: "email", value: fields[`email_${row}`] ?? "", problem: problems[`email_${row}`] })}
${textField({ name: `name_${row}`, label: "Name (optional)", value: fields[`name_${row}`] ?? "" })}
</div></fieldset>`,
)}
<p class="small soft">We use these addresses once, for this copy. They are forgotten after 30 days, and nobody is put on a list.</p>
<button type="submit">Send</button>
</form>`,
  });
}

/** The same whatever became of each friend's copy: who is suppressed is nobody's business. */
export function forwardedPage(theme: PageTheme, count: number): string {
  const title = "Thank you for sharing";
  return pageLayout({
    title,
    theme,
    body: html`<h1>${title}</h1>
<p>${count === 1 ? "Your friend gets a copy" : `Your ${count} friends get a copy each`} in the next minutes, unless they asked us not to write.</p>`,
  });
}
