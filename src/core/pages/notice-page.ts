import { html } from "./html.ts";
import { pageLayout } from "./page-layout.ts";
import type { PageTheme } from "./theme.ts";

/** A page that only says something: what is so, and what to do next. */
export function noticePage(notice: {
  readonly title: string;
  readonly text: string;
  readonly theme?: PageTheme;
}): string {
  return pageLayout({
    title: notice.title,
    body: html`<h1>${notice.title}</h1><p class="text">${notice.text}</p>`,
    ...(notice.theme ? { theme: notice.theme } : {}),
  });
}
