import type { z } from "zod";
import { refuse } from "#contract/errors.ts";
import { messageRoutes } from "#contract/messages.ts";
import type { Actor } from "#core/access/actor.ts";
import { fromId, toId } from "#core/kernel/ids.ts";
import { audit } from "../access/index.ts";
import { findContactValues, freezeForTest, type MessageNeeds } from "../messages/index.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import { enqueueRecipients } from "./enqueue-recipients.ts";
import { ensureMailing } from "./ensure-mailing.ts";

type TestSend = z.output<typeof messageRoutes.testSend.body>;

/**
 * Sends the saved draft to each address once per chosen contact (or once, as nobody in particular), through the real
 * delivery path. The mailing's kind marks it: subject marked, links harmless, nothing counted.
 */
export async function sendTest(
  platform: Platform,
  needs: MessageNeeds,
  actor: Actor,
  messageId: string,
  wanted: TestSend,
) {
  const contactIds = wanted.contactIds.map((id) => fromId("contact", id) ?? "0");
  for (const id of contactIds)
    if (!(await findContactValues(platform.db, id)))
      refuse("message.no-such-contact", { contactId: toId("contact", id) });
  const frozen = await freezeForTest(platform, needs, actor, messageId);
  const asWhom = contactIds.length > 0 ? contactIds : [null];
  const pairs = wanted.addresses.flatMap((address) => asWhom.map((contactId) => ({ address, contactId })));
  await platform.db.transaction(async (tx) => {
    const mailingId = await ensureMailing(tx, {
      kind: "test",
      messageVersionId: frozen.versionId,
      contentSettingsId: wanted.contentSettingsId
        ? (fromId("contentSettings", wanted.contentSettingsId) ?? null)
        : null,
    });
    await enqueueRecipients(tx, {
      mailingId,
      recipients: pairs.map(({ address, contactId }, index) => ({
        address,
        name: null,
        contactId,
        visitId: String(index + 1),
      })),
    });
    await audit(tx, actor, {
      action: "message.test-sent",
      subjectKind: "message",
      subjectId: toId("message", messageId),
      details: { recipients: pairs.length },
    });
  });
  return { queued: pairs.length, findings: [...frozen.findings] };
}

/** Binds the route of test sends, which belongs to messages in the API and to delivery in the house. */
export function bindTestSend(http: Http, platform: Platform, needs: MessageNeeds): void {
  http.implement(messageRoutes.testSend, ({ params, body, actor }) =>
    sendTest(platform, needs, actor, fromId("message", params.messageId) ?? "0", body),
  );
}
