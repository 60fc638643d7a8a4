import { type Bounce, classifyReport } from "../bounce-rules.ts";
import { type ReceivedMail, readFields } from "./received-mail.ts";

/** What a server said about a message that it had taken. */
export type Report =
  | ({ readonly kind: "bounce"; readonly diagnostic: string } & Bounce)
  | { readonly kind: "delay" | "delivered"; readonly diagnostic: string };

const longestStatus = 256 * 1024;
const longestWords = 4000;

/** [D43] Reads a delivery status notification (RFC 3464); undefined if it has no readable group of a recipient. */
export function readStatusReport(mail: ReceivedMail): Report | undefined {
  const status = mail.parts.find(
    ({ type }) => type === "message/delivery-status" || type === "message/global-delivery-status",
  );
  if (!status) return undefined;
  const groups = status.text
    .slice(0, longestStatus)
    .split(/\r?\n[ \t]*\r?\n/)
    .map(readFields)
    .filter((fields) => fields.has("action"));
  const reports = groups.slice(0, 1000).map(readGroup);
  const failures = reports.flatMap((report) => (report?.kind === "bounce" ? [report] : []));
  // One delivery has one recipient. Where that was a list and several failed, the mildest counts.
  const mildest = failures.find(({ isHard }) => !isHard) ?? failures[0];
  return (
    mildest ??
    reports.find((report) => report?.kind === "delay") ??
    reports.find((report) => report !== undefined)
  );
}

function readGroup(fields: ReadonlyMap<string, string>): Report | undefined {
  const action = /^[a-z]+/i.exec(fields.get("action") ?? "")?.[0].toLowerCase();
  const enhanced = /[245]\.\d{1,3}\.\d{1,3}/.exec(fields.get("status") ?? "")?.[0] ?? null;
  const said = (fields.get("diagnostic-code") ?? "").slice(0, longestWords).replace(/^[\w-]+ *; */, "");
  const diagnostic = said === "" ? `${fields.get("status") ?? ""} ${action ?? ""}`.trim() : said;
  switch (action) {
    case "failed": {
      const told = /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(said)?.[0] ?? null;
      // 5.0.0 says nothing; the remote server's own status is in its words.
      const isVague = enhanced === null || /^[45]\.0\.0$/.test(enhanced);
      return {
        kind: "bounce",
        ...classifyReport(isVague ? (told ?? enhanced) : enhanced, diagnostic),
        diagnostic,
      };
    }
    case "delayed":
      return { kind: "delay", diagnostic };
    case "delivered":
    case "relayed":
    case "expanded":
      return { kind: "delivered", diagnostic };
    default:
      return undefined;
  }
}
