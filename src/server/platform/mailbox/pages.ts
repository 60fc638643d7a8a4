import { type Html, html, toDocument } from "#core/pages/html.ts";
import type { ReadMessage } from "./read-message.ts";
import type { MessageHead } from "./segment.ts";

export type ListPage = {
  readonly messages: readonly MessageHead[];
  readonly total: number;
  readonly words: string;
  readonly page: number;
  readonly pageSize: number;
};

/** What each view of a message is called in its address, and on its tab. */
export const views = {
  message: "Message",
  phone: "Phone",
  text: "Plain text",
  headers: "Headers",
  source: "Source",
};
export type View = keyof typeof views;

const shownSourceBytes = 300_000;
const shownHeaders = ["from", "to", "reply-to"];

function layout(title: string, body: Html): string {
  return toDocument(html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} – Test mailbox</title>
<link rel="stylesheet" href="/mailbox.css">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
</head>
<body>
<header class="bar"><a class="name" href="/">Test mailbox</a>
<p>What Postroad sent through the test route. Nothing here left this machine.</p></header>
<main>
${body}
</main>
</body>
</html>`);
}

/** The newest messages, or those that a search found. */
export function listPage({ messages, total, words, page, pageSize }: ListPage): string {
  const first = page * pageSize;
  const address = (to: number) =>
    `/?${new URLSearchParams({ ...(words ? { q: words } : {}), page: String(to) })}`;
  return layout(
    words ? `Search: ${words}` : "Messages",
    html`<h1>${words ? "Search" : "Messages"}</h1>
<form class="search" role="search" action="/" method="get">
<label for="q">Address or subject</label>
<div><input id="q" name="q" type="search" value="${words}" autocomplete="off"><button type="submit">Search</button>
${words !== "" && html`<a href="/">Show all</a>`}</div>
</form>
${
  total === 0
    ? emptyList(words)
    : html`<p class="count">${first + 1}–${first + messages.length} of ${total.toLocaleString("en")}</p>
<ol class="list" reversed start="${total - first}">${messages.map(listItem)}</ol>
<nav class="pager" aria-label="Pages">
${page > 0 ? html`<a rel="prev" href="${address(page - 1)}">Newer</a>` : html`<span></span>`}
${first + messages.length < total && html`<a rel="next" href="${address(page + 1)}">Older</a>`}
</nav>`
}
<p class="note">The newest 100,000 messages are kept, 2 GB at most; older ones go first. Addresses with
<code>+bounce</code> before the @ are refused, those with <code>+defer</code> are accepted at the second try.</p>`,
  );
}

function emptyList(words: string): Html {
  return words === ""
    ? html`<p class="empty">No message yet. Send a test or take a journey live, then reload this page.</p>`
    : html`<p class="empty">No message has “${words}” in its addresses or subject.</p>`;
}

function listItem({ id, to, subject, receivedAt, size }: MessageHead): Html {
  return html`<li><a href="${pathTo(id)}"><span class="to">${to.join(", ")}</span>
<span class="subject">${subject || "(no subject)"}</span>
<span class="when">${when(receivedAt)} · ${inKilobytes(size)}</span></a></li>`;
}

/** One message in one of its views. */
export function messagePage(message: ReadMessage, view: View): string {
  const { head, headers, oneClickUrl } = message;
  const shown = headers.filter(({ name }) => shownHeaders.includes(name.toLowerCase()));
  return layout(
    head.subject || "(no subject)",
    html`<p class="back"><a href="/">All messages</a></p>
<h1>${head.subject || "(no subject)"}</h1>
<dl class="facts">
<dt>Delivered to</dt><dd>${head.to.join(", ")} · ${when(head.receivedAt)} · ${inKilobytes(head.size)}</dd>
<dt>Return path</dt><dd>${head.from || "<>"}</dd>
${shown.map(({ name, value }) => html`<dt>${name}</dt><dd>${value}</dd>`)}
</dl>
<div class="actions">
${
  oneClickUrl !== undefined &&
  html`<form method="post" action="${oneClickUrl}" target="_blank"><input type="hidden" name="List-Unsubscribe" value="One-Click">
<button type="submit">Unsubscribe, as a mail client would</button></form>`
}
<a href="${pathTo(head.id, "/source.eml")}" download>Download (.eml)</a>
</div>
<nav class="tabs" aria-label="Views">${Object.entries(views).map(([key, name]) => {
      const path = pathTo(head.id, `?view=${key}`);
      return key === view
        ? html`<a href="${path}" aria-current="page">${name}</a>`
        : html`<a href="${path}">${name}</a>`;
    })}</nav>
${viewOf(message, view)}
${attachments(message)}`,
  );
}

function viewOf(message: ReadMessage, view: View): Html {
  switch (view) {
    case "text":
      return message.text === undefined
        ? html`<p class="empty">This message has no plain-text part.</p>`
        : html`<pre class="words" tabindex="0">${withLinks(message.text)}</pre>`;
    case "headers":
      return html`<dl class="facts all">${message.headers.map(({ name, value }) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
    case "source":
      return html`<pre class="source" tabindex="0">${message.raw.toString("utf8", 0, shownSourceBytes)}</pre>
${message.raw.length > shownSourceBytes && html`<p class="note">The rest is in the download.</p>`}`;
    default:
      return message.html === undefined
        ? html`<p class="empty">This message has no HTML part; see its plain text.</p>`
        : html`<iframe class="${view}" title="The message as its reader sees it" src="${pathTo(message.head.id, "/document")}" sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"></iframe>`;
  }
}

function attachments({ head, parts }: ReadMessage): Html | false {
  return (
    parts.length > 0 &&
    html`<h2>Files in this message</h2>
<ul class="files">${parts.map(
      ({ name, type, content }, place) =>
        html`<li><a href="${pathTo(head.id, `/parts/${place}`)}" download="${name}">${name || `Part ${place + 1}`}</a> ${type}, ${inKilobytes(content.length)}</li>`,
    )}</ul>`
  );
}

function withLinks(text: string): Html[] {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((piece, index) =>
      index % 2 === 1
        ? html`<a href="${piece}" target="_blank" rel="noopener noreferrer">${piece}</a>`
        : html`${piece}`,
    );
}

/** For addresses that lead nowhere. */
export function missingPage(): string {
  return layout(
    "Not found",
    html`<h1>Not found</h1><p class="empty">This message is not here (any more). <a href="/">All messages</a></p>`,
  );
}

function pathTo(id: number, rest = ""): string {
  return `/messages/${id}${rest}`;
}

const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

function when(time: string): Html {
  return html`<time datetime="${time}">${moment.format(new Date(time))}</time>`;
}

function inKilobytes(bytes: number): string {
  return `${(bytes / 1024).toLocaleString("en", { maximumFractionDigits: 1 })} KB`;
}
