import { classifyReport } from "../bounce-rules.ts";
import { headerOf, type ReceivedMail } from "./received-mail.ts";
import type { Report } from "./status-report.ts";

const robots =
  /\b(mailer-daemon|mail delivery (sub)?system|mail delivery service|postmaster|mail administrator|maildaemon|mdaemon|delivery subsystem|double-bounce|mail delivery)\b/i;
const failing =
  /\b(undeliver(able|ed)|returned (mail|to sender)|mail (delivery|system) (failed|failure|error)|delivery (has )?(failed|failure|error|status notification)|failure notice|failed delivery|message (could not be|was not|not) (delivered|sent)|non[- ]?delivery|nicht zustellbar|unzustellbar|non remis|no entregad|mancata consegna|could not be delivered|returned message|rejected message|warning: message|delivery incomplete)/i;
const passing =
  /\b(delay(ed)?|still (being retried|trying)|will (be retried|keep trying|try again|continue to try)|has not (yet )?been delivered|temporarily (deferred|suspended)|you do not need to (resend|do anything)|transient|incomplete|warning: message)\b/i;
const givenUp =
  /\b(giving up|gave up|no longer (be )?tr(y|ied)|permanent(ly)? (error|failure|fail)|has been returned|retry time(out)? (not|exceeded)|could not be delivered (for|within))\b/i;

/** A line where the copy of our own message begins; what it says is not the server's word. */
const copyBegins =
  /^(--.*(copy of|original|returned|message (text|header|follows))|--- below this line|\s*-{3,}\s*(this is a copy|the header|unsent message|transcript of message)|original message( headers)?:|received: from )/i;
const lookedAtOfLine = 300;

/** What stands before the copy. Line by line, so that a text of nothing but dashes or ends of lines costs no more than another. */
function beforeCopy(text: string): string {
  let at = 0;
  for (const line of text.split("\n")) {
    if (copyBegins.test(line.slice(0, lookedAtOfLine))) return text.slice(0, at);
    at += line.length + 1;
  }
  return text;
}

/** [D43] Understands bounces without a machine-readable part, by who writes, the subject and the words of the remote server. */
export function readFreeForm(mail: ReceivedMail): Report | undefined {
  const subject = headerOf(mail, "subject");
  const isRobot = robots.test(headerOf(mail, "from")) || headerOf(mail, "x-failed-recipients") !== "";
  const said = beforeCopy(mail.text.slice(0, 64 * 1024));
  const isAbout =
    failing.test(subject) ||
    failing.test(said.slice(0, 4000)) ||
    headerOf(mail, "x-failed-recipients") !== "";
  if (!isAbout || !(isRobot || failing.test(subject))) return undefined;
  const diagnostic = findWords(said);
  if (
    passing.test(`${subject} ${said.slice(0, 2000)}`) &&
    !givenUp.test(said) &&
    !/(^|\s)5\d\d[ -]/.test(said)
  )
    return { kind: "delay", diagnostic };
  const enhanced = /(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(diagnostic)?.[0] ?? null;
  return { kind: "bounce", ...classifyReport(enhanced, diagnostic), diagnostic };
}

/** The lines that say why: those with a code of a server, else the first one that says something by its words, else the beginning. */
function findWords(said: string): string {
  const lines = said.split(/\r?\n/).map((line) => line.trim());
  const coded = lines.findIndex((line) =>
    /(?<![\d.])[45]\d\d[ -]|(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])/.test(line),
  );
  const spoken = lines
    .slice(0, 200)
    .findIndex((line) => line !== "" && classifyReport(null, line).category !== "unclassified");
  const from = coded >= 0 ? coded : spoken;
  const chosen = from >= 0 ? lines.slice(from, from + 3) : lines.filter((line) => line !== "").slice(0, 5);
  return chosen.join(" ").trim().slice(0, 500);
}
