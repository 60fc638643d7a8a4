import { headerOf, type ReceivedMail } from "./received-mail.ts";

const subjects =
  /^\s*(re: ?|aw: ?|sv: ?)?\W*(auto(matic|matische)?[- ]?(reply|response|antwort)|autoreply|autosvar|automatisch antwoord|out[ -]of[ -](the[ -])?office|ooo\b|vacation|on (holiday|leave|vacation)|away from|abwesenheit|abwesend|absence|absent|réponse automatique|respuesta automática|risposta automatica|resposta automática|automaattinen|fuera de (la )?oficina|fuori sede|ausente|urlaub)/i;

/** [D45] Mail that a program wrote in answer (RFC 3834 and the habits from before it): no bounce, no wish, never answered. */
export function isAutoReply(mail: ReceivedMail): boolean {
  const submitted = headerOf(mail, "auto-submitted").split(";")[0]?.trim().toLowerCase() ?? "";
  if (submitted !== "" && submitted !== "no") return true;
  if (/^(bulk|junk|list|auto_reply)$/i.test(headerOf(mail, "precedence"))) return true;
  const names = [
    "x-autoreply",
    "x-autorespond",
    "x-autoreply-from",
    "x-auto-response-suppress",
    "x-ms-exchange-inbox-rules-loop",
  ];
  if (names.some((name) => headerOf(mail, name) !== "")) return true;
  return subjects.test(headerOf(mail, "subject"));
}
