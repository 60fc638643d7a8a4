import type { Actor } from "#core/access/actor.ts";
import { type Queries, sql } from "../platform/index.ts";

/** Who did it: an actor of the product, or a contact on a public page. Ids are row numbers. */
export type AuditActor =
  | Actor
  | {
      readonly kind: "user" | "contact";
      readonly id: string | null;
      readonly label: string;
      readonly ip: string | null;
    };

/** What was done. `action` is the past tense: `message.published`. `subjectId` is a public id. Never secrets. */
export type AuditEntry = {
  readonly action: string;
  readonly subjectKind?: string;
  readonly subjectId?: string;
  readonly details?: Readonly<Record<string, unknown>>;
};

/** Notes what somebody did, in the transaction that does it. Every domain calls this for every change by a person or key. */
export async function audit(tx: Queries, actor: AuditActor, entry: AuditEntry): Promise<void> {
  await tx.run(sql`
    insert into audit_log (actor_kind, actor_id, actor_label, action, subject_kind, subject_id, details, ip)
    values (${actor.kind}, ${actor.id}, ${actor.label}, ${entry.action}, ${entry.subjectKind ?? null},
            ${entry.subjectId ?? null}, ${entry.details ?? {}}, ${actor.ip})`);
}
