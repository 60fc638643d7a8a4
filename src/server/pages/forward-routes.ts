import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { judgeForm } from "#core/pages/form-guard.ts";
import { forwardedPage, forwardPage } from "#core/pages/forward-pages.ts";
import { readFriends } from "#core/pages/forward-request.ts";
import { noticePage } from "#core/pages/notice-page.ts";
import { testMessagePage } from "#core/pages/preference-pages.ts";
import { readToken } from "#core/tracking/tokens.ts";
import { sendPage, visitorOf } from "../tracking/index.ts";
import type { PageDeps } from "./apply-opt-outs.ts";
import { forwardMessage } from "./forward-message.ts";
import { postLimit } from "./page-scope.ts";
import { formFields, parseAddress, signMade, tracesOf } from "./page-visit.ts";
import { findRecipient, type Recipient } from "./store.ts";

type Forwarded = { Params: { forward: string } };
type Fields = Readonly<Record<string, string>>;

/** Binds the form with which a contact sends friends a copy. */
export function bindForwardRoutes(scope: FastifyInstance, deps: PageDeps): void {
  scope.get<Forwarded>("/f/:forward", async (request, reply) => {
    const recipient = await recipientOf(deps, request);
    if (!recipient) return unknownPage(reply);
    return showForm(deps, request, reply, { recipient, status: 200, fields: {}, problems: {} });
  });

  scope.post<Forwarded>("/f/:forward", postLimit, async (request, reply) => {
    const recipient = await recipientOf(deps, request);
    if (!recipient) return unknownPage(reply);
    if (recipient.mailingKind === "test")
      return showForm(deps, request, reply, { recipient, status: 200, fields: {}, problems: {} });
    const fields = formFields(request.body);
    const friends = readFriends(fields);
    const verdict = judgeForm(
      tracesOf(deps.tracking.keys, `forward/${recipient.deliveryId}`, fields),
      deps.platform.clock.now(),
    );
    if (verdict === "program") return sendPage(reply, 200, forwardedPage(recipient.theme, friends.length));
    const problems = problemsOf(fields, friends.length, verdict);
    if (Object.keys(problems).length > 0)
      return showForm(deps, request, reply, { recipient, status: 400, fields, problems });
    const { ip, userAgent } = visitorOf(request);
    const sent = await deps.platform.db.transaction((tx) =>
      forwardMessage(deps, tx, { recipient, friends, ip, userAgent }),
    );
    if (sent === "too-many")
      return showForm(deps, request, reply, {
        recipient,
        status: 429,
        fields,
        problems: { "": "That is more than this form sends. Try fewer friends, or come back tomorrow." },
      });
    return sendPage(reply, 200, forwardedPage(recipient.theme, sent));
  });
}

function problemsOf(
  fields: Fields,
  count: number,
  verdict: "person" | "too-quick" | "stale",
): Record<string, string> {
  const problems: Record<string, string> = {};
  if (verdict !== "person") problems[""] = "Please look over your entries and send them once more.";
  else if (count === 0) problems.email_1 = "Enter the email address of a friend.";
  for (const [name, value] of Object.entries(fields))
    if (/^email_\d$/.test(name) && value.trim() !== "" && !parseAddress(value))
      problems[name] = "This is not an email address.";
  return problems;
}

function showForm(
  deps: PageDeps,
  request: FastifyRequest<Forwarded>,
  reply: FastifyReply,
  shown: { recipient: Recipient; status: number; fields: Fields; problems: Fields },
): FastifyReply {
  const { recipient, status, fields, problems } = shown;
  const { theme, forwardIntro, subject, deliveryId } = recipient;
  if (recipient.mailingKind === "test")
    return sendPage(reply, 200, testMessagePage(theme, "the form for forwarding to a friend"));
  return sendPage(
    reply,
    status,
    forwardPage({
      theme,
      intro: forwardIntro,
      // A subject with personalisation in it would be shown raw.
      subject: /[{}]/.test(subject) ? "" : subject,
      actionUrl: `/f/${request.params.forward}`,
      made: signMade(deps.tracking.keys, `forward/${deliveryId}`, deps.platform.clock.now()),
      fields,
      problems,
    }),
  );
}

async function recipientOf(
  deps: PageDeps,
  request: FastifyRequest<Forwarded>,
): Promise<Recipient | undefined> {
  const token = readToken(request.params.forward, "forward", deps.tracking.keys.trustedMac);
  return token && findRecipient(deps.platform.db, token.deliveryId);
}

function unknownPage(reply: FastifyReply): FastifyReply {
  return sendPage(
    reply,
    404,
    noticePage({
      title: "This link does not work",
      text: "Only the forwarding link of an email you got opens this page. Please open it again from there.",
    }),
  );
}
