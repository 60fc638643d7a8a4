import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { noticePage } from "#core/pages/notice-page.ts";
import {
  centreWithoutLinkPage,
  friendOptOutPage,
  subscriptionCentrePage,
  testMessagePage,
  unsubscribedPage,
  unsubscribePage,
} from "#core/pages/preference-pages.ts";
import { plainTheme } from "#core/pages/theme.ts";
import type { Hit } from "#core/tracking/hit.ts";
import { readToken } from "#core/tracking/tokens.ts";
import { newHitId, sendPage, visitorOf } from "../tracking/index.ts";
import { applyOptOuts, optOutFriend, type PageDeps } from "./apply-opt-outs.ts";
import { postLimit } from "./page-scope.ts";
import { formFields, parseAddress } from "./page-visit.ts";
import { savePreferences } from "./save-preferences.ts";
import { findPageSettings, findRecipient, type Recipient, readPreferences } from "./store.ts";

type Managed = { Params: { manage: string } };

/** How long a person waits for the database before the unsubscribe goes to the disk instead. */
const patienceMilliseconds = 3000;

/** Binds the subscription centre and one-click unsubscribe. */
export function bindPreferenceRoutes(scope: FastifyInstance, deps: PageDeps): void {
  bindCentre(scope, deps);
  bindOneClick(scope, deps);
}

function bindCentre(scope: FastifyInstance, deps: PageDeps): void {
  const { db } = deps.platform;
  scope.get("/p", async (_request, reply) => {
    const { theme } = await findPageSettings(db);
    return sendPage(reply, 200, centreWithoutLinkPage(theme));
  });

  scope.get<Managed>("/p/:manage", async (request, reply) => {
    const { manage } = request.params;
    const recipient = await recipientOf(deps, request);
    if (recipient) return showCentre(deps, reply, recipient, manage);
    // [T59] Whoever was sent this link can unsubscribe still, and only that.
    const isRetired = readToken(manage, "manage", deps.tracking.keys.mac) !== undefined;
    return isRetired ? reply.redirect(`/u/${manage}`, 303) : unknownPage(reply);
  });

  scope.post<Managed>("/p/:manage", postLimit, async (request, reply) => {
    const recipient = await recipientOf(deps, request);
    if (!recipient) return unknownPage(reply);
    const { mailingKind } = recipient;
    if (mailingKind === "forward") {
      await deps.platform.db.transaction((tx) => optOutFriend(tx, recipient));
      return sendPage(reply, 200, friendOptOutPage({ theme: recipient.theme, actionUrl: "", isDone: true }));
    }
    const address = addressKeyOf(recipient);
    if (mailingKind === "test" || address === undefined)
      return showCentre(deps, reply, recipient, request.params.manage);
    const { ip, userAgent } = visitorOf(request);
    const isChanged = await deps.platform.db.transaction((tx) =>
      savePreferences(deps, tx, {
        recipient,
        addressKey: address,
        fields: formFields(request.body),
        evidence: { ip, userAgent },
      }),
    );
    return showCentre(deps, reply, recipient, request.params.manage, isChanged ? "changed" : "unchanged");
  });
}

async function showCentre(
  { platform }: PageDeps,
  reply: FastifyReply,
  recipient: Recipient,
  token: string,
  saved?: "changed" | "unchanged",
): Promise<FastifyReply> {
  const { theme, centerIntro, address, mailingKind } = recipient;
  const actionUrl = `/p/${token}`;
  if (mailingKind === "test")
    return sendPage(reply, 200, testMessagePage(theme, "the page where contacts choose what to receive"));
  if (mailingKind === "forward")
    return sendPage(reply, 200, friendOptOutPage({ theme, actionUrl, isDone: false }));
  const key = addressKeyOf(recipient);
  if (address === null || key === undefined)
    return sendPage(
      reply,
      200,
      noticePage({
        title: "Nothing to choose",
        text: "We no longer keep anything about this address, and it gets no email from us.",
        theme,
      }),
    );
  const preferences = await readPreferences(platform.db, key, recipient.topicId);
  return sendPage(
    reply,
    200,
    subscriptionCentrePage({
      theme,
      intro: centerIntro,
      address,
      ...preferences,
      actionUrl,
      ...(saved ? { saved } : {}),
    }),
  );
}

function bindOneClick(scope: FastifyInstance, deps: PageDeps): void {
  scope.get<Managed>("/u/:manage", async (request, reply) => {
    const token = readToken(request.params.manage, "manage", deps.tracking.keys.mac);
    if (!token) return unknownPage(reply);
    // The button must be there even while nobody can say whose page it is.
    const recipient = await findRecipient(deps.platform.db, token.deliveryId).catch(() => undefined);
    const theme = recipient?.theme ?? plainTheme;
    const actionUrl = `/u/${request.params.manage}`;
    if (recipient?.mailingKind === "test")
      return sendPage(reply, 200, testMessagePage(theme, "the button that unsubscribes"));
    if (recipient?.mailingKind === "forward")
      return sendPage(reply, 200, friendOptOutPage({ theme, actionUrl, isDone: false }));
    return sendPage(
      reply,
      200,
      unsubscribePage({
        theme,
        actionUrl,
        centreUrl: centreOf(deps, request.params.manage),
        topicName: recipient ? (recipient.topicName ?? "anything we offer") : null,
      }),
    );
  });

  // RFC 8058, section 3.2: no cookies, no redirect, and the answer is 2xx once the wish is on a disk.
  scope.post<Managed>("/u/:manage", { bodyLimit: 64 * 1024 }, async (request, reply) => {
    const token = readToken(request.params.manage, "manage", deps.tracking.keys.mac);
    if (!token) return unknownPage(reply);
    const now = deps.platform.clock.now();
    const hit: Hit = {
      id: newHitId(now),
      kind: "unsubscribe",
      deliveryId: token.deliveryId,
      at: now.getTime(),
      ...visitorOf(request),
    };
    if (!(await applyOrJournal(deps, hit))) return laterPage(reply);
    return sendPage(
      reply,
      200,
      unsubscribedPage({ theme: plainTheme, centreUrl: centreOf(deps, request.params.manage) }),
    );
  });
}

/** [PG4] In the database before the answer if it can be reached, else on the disk, from where it is applied later. */
async function applyOrJournal(deps: PageDeps, hit: Hit): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The database took too long.")), patienceMilliseconds);
  });
  try {
    await Promise.race([deps.platform.db.transaction((tx) => applyOptOuts(deps, tx, [hit])), late]);
    return true;
  } catch (error) {
    const { log } = deps.platform;
    return await deps.tracking.journalOptOut(hit).then(
      () => {
        const details = { hit: hit.id, reason: String(error) };
        log.warn(details, "an unsubscribe went to the journal and will be applied from there");
        return true;
      },
      (full: unknown) => {
        const details = { hit: hit.id, reason: String(error), disk: String(full) };
        log.error(details, "an unsubscribe could not be kept anywhere, and whoever sent it was told so");
        return false;
      },
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Where the same link opens the subscription centre; null where it may not any more. */
function centreOf({ tracking }: PageDeps, manage: string): string | null {
  return readToken(manage, "manage", tracking.keys.trustedMac) ? `/p/${manage}` : null;
}

/** Whoever a management link was sent to; undefined for a wrong link, and for one whose key is trusted no longer. */
async function recipientOf(deps: PageDeps, request: FastifyRequest<Managed>): Promise<Recipient | undefined> {
  const token = readToken(request.params.manage, "manage", deps.tracking.keys.trustedMac);
  return token && findRecipient(deps.platform.db, token.deliveryId);
}

function addressKeyOf({ address }: Recipient): string | undefined {
  return address === null ? undefined : parseAddress(address)?.key;
}

/** [T45] Honest: it was not kept. Mailbox providers try again by themselves. */
function laterPage(reply: FastifyReply): FastifyReply {
  return sendPage(
    reply.header("retry-after", "30"),
    503,
    noticePage({
      title: "Please try again in a moment",
      text: "We could not write down that you want no more email, so nothing was changed. Please try again shortly.",
    }),
  );
}

function unknownPage(reply: FastifyReply): FastifyReply {
  return sendPage(
    reply,
    404,
    noticePage({
      title: "This link does not work",
      text: "It may have been cut off on its way. Please open it again from the email.",
    }),
  );
}
