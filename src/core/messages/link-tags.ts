import { z } from "zod";
import { analyseTemplate } from "../template/analyse.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { renderTemplate } from "../template/render-template.ts";

export const tagNames = ["source", "medium", "campaign", "content", "term"] as const;
export type TagName = (typeof tagNames)[number];

const tag = z.string().trim().max(300);

/** The utm parameters that links are led on with. Texts may name the journey and the message; an empty one is left out. */
export const LinkTags = z.object({
  source: tag,
  medium: tag,
  campaign: tag,
  content: tag,
  term: tag,
  /** Where links must lead to get them, subdomains included; none: anywhere. */
  domains: z.array(z.string().trim().toLowerCase().max(253)).max(100),
});
export type LinkTags = z.infer<typeof LinkTags>;

export const noLinkTags: LinkTags = {
  ...{ source: "", medium: "", campaign: "", content: "", term: "" },
  domains: [],
};

/** The same with its parts in one order and without empty lines, however it was stored or typed. */
export function tidyLinkTags({ source, medium, campaign, content, term, domains }: LinkTags): LinkTags {
  return { source, medium, campaign, content, term, domains: domains.filter((domain) => domain !== "") };
}

/** What a text can name. */
export type TagSubject = { readonly journeyName: string; readonly messageName: string };

const schema = {
  shapeOf: (root: string, keys: readonly unknown[]) =>
    (root === "journey" || root === "message") && keys.length === 1 && keys[0] === "name"
      ? ("scalar" as const)
      : undefined,
  names: ["journey.name", "message.name"],
};

/** What cannot work, with the field that it is in. */
export function problemsOfTags(
  tags: LinkTags,
): readonly { readonly path: string; readonly message: string }[] {
  const texts = tagNames.flatMap((name) => {
    const message = problemOfText(tags[name]);
    return message === undefined ? [] : [{ path: name, message }];
  });
  const wrong = tags.domains.find((domain) => domain !== "" && !isDomain(domain));
  if (wrong === undefined) return texts;
  return [...texts, { path: "domains", message: `“${wrong}” is no domain like example.com.` }];
}

function problemOfText(text: string): string | undefined {
  const parsed = parseTemplate(text);
  if (!parsed.ok) return parsed.error.message;
  return analyseTemplate(parsed.value, schema).issues[0]?.message;
}

function isDomain(text: string): boolean {
  return /^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/.test(text);
}

/** Tags of one mailing, ready to be put to addresses. */
export type ReadyTags = {
  readonly parameters: readonly { readonly name: string; readonly text: string }[];
  readonly domains: readonly string[];
};

const limits = { steps: 2000, output: 2000 };

/** Writes the texts out for one mailing; undefined if nothing is to be put anywhere. What cannot be written is left out. */
export function readyTags(tags: LinkTags, { journeyName, messageName }: TagSubject): ReadyTags | undefined {
  const data = { journey: { name: journeyName }, message: { name: messageName } };
  const parameters = tagNames.flatMap((tagName) => {
    const written = renderTemplate(tags[tagName], data, { as: "plain", limits });
    const value = written.ok
      ? written.value
          .replace(/\s+/g, " ")
          .trim()
          .slice(0, 300)
          .replace(/\p{Surrogate}/gu, "\u{FFFD}")
      : "";
    const name = `utm_${tagName}`;
    return value === "" ? [] : [{ name, text: `${name}=${encodeURIComponent(value)}` }];
  });
  const domains = tags.domains.filter((domain) => domain !== "");
  return parameters.length === 0 ? undefined : { parameters, domains };
}

/**
 * [W11] Puts the tags to an address that a link leads to, which is absolute and written as browsers write it. What is there stays
 * letter by letter, a parameter that is there already is not given again, and addresses of our own are left alone.
 */
export function tagAddress(address: string, { parameters, domains }: ReadyTags, ownUrl: string): string {
  if (address === ownUrl || address.startsWith(`${ownUrl}/`)) return address;
  const [, start = "", host = "", query = "", fragment = ""] =
    /^(https?:\/\/([^/?#]*)[^?#]*)(\?[^#]*)?(#.*)?$/is.exec(address)?.map((part) => part ?? "") ?? [];
  if (start === "" || !isWanted(host, domains)) return address;
  const given = new Set(query.slice(1).split("&").map(nameIn));
  const added = parameters.filter(({ name }) => !given.has(name)).map(({ text }) => text);
  if (added.length === 0) return address;
  const joint = query === "" ? "?" : query === "?" || query.endsWith("&") ? "" : "&";
  return `${start}${query}${joint}${added.join("&")}${fragment}`;
}

function isWanted(host: string, domains: readonly string[]): boolean {
  const name = host.replace(/:\d*$/, "").toLowerCase();
  return domains.length === 0 || domains.some((domain) => name === domain || name.endsWith(`.${domain}`));
}

function nameIn(parameter: string): string {
  const name = parameter.split("=", 1)[0] ?? "";
  try {
    return decodeURIComponent(name).toLowerCase();
  } catch {
    return name.toLowerCase();
  }
}

/** What tags make of an address, for who sets them. */
export function exampleOfTags(tags: LinkTags, subject: TagSubject): string {
  const ready = readyTags(tags, subject);
  const host = ready?.domains.find(isDomain) ?? "www.example.com";
  const address = `https://${host}/offers?colour=green#details`;
  return ready ? tagAddress(address, ready, "https://mail.invalid") : address;
}
