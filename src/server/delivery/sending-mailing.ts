import { createHash } from "node:crypto";
import type { MailPurpose } from "#core/consent/may-send.ts";
import { CompiledMessage } from "#core/messages/compiled-message.ts";
import type { MailingContext } from "#core/messages/mailing-context.ts";
import { createRenderer, type MessageRenderer } from "#core/messages/render-message.ts";
import { findSettings } from "../messages/index.ts";
import { type Config, type Platform, type Queries, sql } from "../platform/index.ts";

/** A mailing made ready for sending, with what was true of its settings when it was read. */
export type SendingMailing = {
  readonly id: string;
  readonly kind: "journey" | "forward" | "test" | "transactional";
  readonly versionId: string;
  /** The route that was chosen for it; null: whichever the weights say. */
  readonly routeId: string | null;
  readonly purpose: MailPurpose;
  readonly compiled: CompiledMessage;
  readonly context: MailingContext;
  /** The row of delivery_contexts that holds `context`. */
  readonly contextId: string;
  readonly renderer: MessageRenderer;
};

type MailingRow = {
  id: string;
  kind: SendingMailing["kind"];
  designation: "commercial" | "transactional";
  message_version_id: string;
  message_id: string;
  topic_id: string | null;
  content_settings_id: string | null;
  route_id: string | null;
  journey_id: string | null;
  journey_name: string | null;
  bounce_domain: string | null;
};

/** [D5] A change of content settings is in the messages made this much later. */
const freshMilliseconds = 2000;
const keptMailings = 100;

export type SendingMailings = {
  readonly get: (mailingId: string) => Promise<SendingMailing>;
  /** The same mailing with the context that one of its messages was first made with. */
  readonly asOf: (mailing: SendingMailing, contextId: string, context: MailingContext) => SendingMailing;
};

/** Keeps mailings ready: compiled messages never change, contexts are read again every two seconds. */
export function createSendingMailings({
  db,
  config,
  clock,
}: Pick<Platform, "db" | "config" | "clock">): SendingMailings {
  const ready = new Map<string, { mailing: SendingMailing; readAt: number }>();
  const former = new Map<string, SendingMailing>();
  const reading = new Map<string, Promise<SendingMailing>>();

  async function read(mailingId: string): Promise<SendingMailing> {
    const known = ready.get(mailingId);
    const row = await findMailing(db, mailingId);
    if (!row) throw new Error(`There is no mailing ${mailingId}`);
    const context = await makeContext(db, row, config);
    const isSame = known && JSON.stringify(known.mailing.context) === JSON.stringify(context);
    const mailing = isSame ? known.mailing : await prepare(db, row, context, known?.mailing.compiled);
    ready.delete(mailingId);
    ready.set(mailingId, { mailing, readAt: clock.now().getTime() });
    for (const oldest of ready.keys()) {
      if (ready.size <= keptMailings) break;
      ready.delete(oldest);
    }
    return mailing;
  }

  return {
    async get(mailingId) {
      const known = ready.get(mailingId);
      if (known && clock.now().getTime() - known.readAt < freshMilliseconds) return known.mailing;
      const under = reading.get(mailingId) ?? read(mailingId).finally(() => reading.delete(mailingId));
      reading.set(mailingId, under);
      return under;
    },
    asOf(mailing, contextId, context) {
      if (mailing.contextId === contextId) return mailing;
      const key = `${mailing.id} ${contextId}`;
      const known = former.get(key);
      if (known) return known;
      const made = { ...mailing, contextId, context, renderer: createRenderer(mailing.compiled, context) };
      if (former.size >= keptMailings) former.clear();
      former.set(key, made);
      return made;
    },
  };
}

async function prepare(
  db: Queries,
  row: MailingRow,
  context: MailingContext,
  known: CompiledMessage | undefined,
): Promise<SendingMailing> {
  const compiled = known ?? (await findCompiled(db, row.message_version_id));
  return {
    id: row.id,
    kind: row.kind,
    versionId: row.message_version_id,
    routeId: row.route_id,
    // A test goes to an address that its sender typed in: nobody has to agree to it, but a dead address stays dead.
    purpose: {
      designation: row.kind === "test" ? "transactional" : row.designation,
      topicId: row.topic_id,
      isForward: row.kind === "forward",
    },
    compiled,
    context,
    contextId: await keepContext(db, context),
    renderer: createRenderer(compiled, context),
  };
}

/** The compiled message of a live version. */
export async function findCompiled(db: Queries, versionId: string): Promise<CompiledMessage> {
  const version = await db.first<{ compiled: unknown }>(sql`
    select compiled from message_versions where id = ${versionId}`);
  return CompiledMessage.parse(version?.compiled);
}

function findMailing(db: Queries, id: string): Promise<MailingRow | undefined> {
  return db.first<MailingRow>(sql`
    select mailing.id, mailing.kind, mailing.designation, mailing.message_version_id, mailing.message_id, mailing.topic_id,
           mailing.content_settings_id, mailing.route_id, mailing.journey_id, journey.name as journey_name,
           (select route.bounce_domain from routes route where route.bounce_domain is not null
            order by route.id = mailing.route_id desc nulls last, route.is_default desc, route.id limit 1) as bounce_domain
    from mailings mailing left join journeys journey on journey.id = mailing.journey_id
    where mailing.id = ${id}`);
}

async function makeContext(
  db: Queries,
  row: MailingRow,
  { publicUrl, inboundSmtpPort }: Config,
): Promise<MailingContext> {
  const settings =
    (await findSettings(db, row.content_settings_id ?? undefined)) ?? (await findSettings(db, undefined));
  const isCommercial = row.designation === "commercial";
  return {
    publicUrl,
    settings: settings?.values ?? {},
    journeyName: row.journey_name ?? "",
    listId: row.topic_id ? `topic-${row.topic_id}.${new URL(publicUrl).hostname}` : "",
    // Gmail counts complaints by these, the last one being the sender's own.
    feedbackId: [row.id, row.journey_id ?? "0", row.kind, "postroad"].join(":"),
    // [D51] Promised only where mail to it is read.
    ...(inboundSmtpPort !== undefined && row.bounce_domain
      ? { unsubscribeMailto: `u+{token}@${row.bounce_domain}` }
      : {}),
    commercial: isCommercial,
    trackOpens: row.kind !== "test",
    trackClicks: row.kind !== "test",
    defaults: {
      fromName: settings?.fromName ?? "",
      fromAddress: settings?.fromAddress ?? "",
      replyTo: settings?.replyTo ?? "",
    },
  };
}

/** Stores a context once, by its hash, and returns its row. */
async function keepContext(db: Queries, context: MailingContext): Promise<string> {
  const text = JSON.stringify(context);
  const hash = createHash("sha256").update(text).digest();
  const row = await db.first<{ id: string }>(sql`
    with added as (
      insert into delivery_contexts (hash, context) values (${hash}, ${text}::jsonb) on conflict (hash) do nothing
      returning id
    )
    select id from added union all select id from delivery_contexts where hash = ${hash} limit 1`);
  // The row can be missing for one moment: added by another sender after this statement began.
  return row?.id ?? keepContext(db, context);
}
