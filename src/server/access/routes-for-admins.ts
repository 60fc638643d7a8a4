import { accessRoutes } from "#contract/access.ts";
import { refuse } from "#contract/errors.ts";
import { fromId } from "#core/kernel/ids.ts";
import { readCursor, rowCursor, toPage } from "../platform/http/cursor.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import { audit } from "./audit.ts";
import { personOf } from "./authenticate.ts";
import { changeUser } from "./change-user.ts";
import { issueApiKey } from "./issue-api-key.ts";
import { inviteUser } from "./join-by-invitation.ts";
import { actorIdOf, listAudit } from "./list-audit.ts";
import { deleteInvitation, listInvitations } from "./one-time-links.ts";
import { presentApiKey, presentInvitation, presentUser } from "./present.ts";
import { listApiKeys, listUsers, revokeApiKey } from "./store.ts";

type Deps = Pick<Platform, "db" | "clock" | "config">;

/** The row number in an id that the contract has checked already. */
function row(kind: Parameters<typeof fromId>[0], id: string): string {
  return fromId(kind, id) ?? refuse("access.not-found");
}

/** Binds what admins do with other people's accounts. */
export function bindUserRoutes(http: Http, deps: Deps): void {
  const { db, clock } = deps;

  http.implement(accessRoutes.users, async ({ query }) => {
    const after = readCursor(query.cursor, rowCursor)?.[0] ?? "0";
    const users = await listUsers(db, { after, limit: query.limit });
    return toPage(users, query.limit, (user) => [user.id], presentUser);
  });

  http.implement(accessRoutes.changeUser, async ({ actor, params, body }) =>
    presentUser(await changeUser(deps, actor, row("user", params.id), body)),
  );

  http.implement(accessRoutes.invitations, async () => ({
    items: (await listInvitations(db, clock.now())).map(presentInvitation),
  }));

  http.implement(accessRoutes.invite, async ({ actor, body }) => {
    const { link, ...invitation } = await inviteUser(deps, actor, body);
    return { ...presentInvitation(invitation), link };
  });

  http.implement(accessRoutes.withdrawInvitation, async ({ actor, params }) =>
    db.transaction(async (tx) => {
      const invitation = await deleteInvitation(tx, params.id);
      if (!invitation) return refuse("access.not-found");
      await audit(tx, actor, { action: "invitation.withdrawn", details: { email: invitation.email } });
      return { done: true as const };
    }),
  );
}

/** Binds API keys and the audit log. */
export function bindKeyAndAuditRoutes(http: Http, { db, clock }: Deps): void {
  http.implement(accessRoutes.apiKeys, async ({ actor, query }) => {
    personOf(actor);
    const after = readCursor(query.cursor, rowCursor)?.[0] ?? "0";
    const keys = await listApiKeys(db, { after, limit: query.limit });
    return toPage(keys, query.limit, (key) => [key.id], presentApiKey);
  });

  http.implement(accessRoutes.createApiKey, async ({ actor, body }) => {
    personOf(actor);
    const { key, secret } = await issueApiKey({ db, clock }, actor, body);
    return { ...presentApiKey(key), secret };
  });

  http.implement(accessRoutes.revokeApiKey, async ({ actor, params }) => {
    personOf(actor);
    await db.transaction(async (tx) => {
      const key = await revokeApiKey(tx, row("apiKey", params.id), clock.now());
      if (!key) return refuse("access.not-found");
      await audit(tx, actor, {
        action: "api-key.revoked",
        subjectKind: "api-key",
        subjectId: params.id,
        details: { name: key.name },
      });
    });
    return { done: true as const };
  });

  http.implement(accessRoutes.auditLog, async ({ query }) => {
    const before = readCursor(query.cursor, rowCursor)?.[0];
    const rows = await listAudit(db, query, { before, limit: query.limit });
    return toPage(
      rows,
      query.limit,
      (entry) => [entry.id],
      (entry) => ({
        id: entry.id,
        at: entry.at.toISOString(),
        actor: { kind: entry.actorKind, id: actorIdOf(entry), label: entry.actorLabel },
        action: entry.action,
        subjectKind: entry.subjectKind,
        subjectId: entry.subjectId,
        details: entry.details,
        ip: entry.ip,
      }),
    );
  });
}
