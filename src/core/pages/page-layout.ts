import { type Html, html, toDocument, trustedCss } from "./html.ts";
import { stylesheet } from "./stylesheet.ts";
import { type PageTheme, plainTheme, themeProperties } from "./theme.ts";

export type PageContent = {
  readonly title: string;
  readonly body: Html;
  readonly theme?: PageTheme;
};

/** A whole public page: works without script, cookies or anything fetched but the sender's logo. */
export function pageLayout({ title, body, theme = plainTheme }: PageContent): string {
  const { companyName, logoUrl, websiteUrl, postalAddress } = theme;
  const name = companyName || "Email preferences";
  const sign =
    logoUrl === ""
      ? html`${companyName}`
      : html`<img src="${logoUrl}" alt="${name}" referrerpolicy="no-referrer">`;
  return toDocument(html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<title>${companyName === "" ? title : `${title} – ${companyName}`}</title>
<style>${trustedCss(themeProperties(theme.brandColor) + stylesheet)}</style>
</head>
<body>
<div class="sheet">
${(logoUrl !== "" || companyName !== "") && html`<header>${sign}</header>`}
<main>
${body}
</main>
<footer>
${postalAddress !== "" && html`<p>${postalAddress}</p>`}
${websiteUrl !== "" && html`<p><a href="${websiteUrl}">${websiteUrl.replace(/^https?:\/\//, "")}</a></p>`}
</footer>
</div>
</body>
</html>`);
}
