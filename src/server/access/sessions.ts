import type { Queries } from "../platform/index.ts";
import { sql } from "../platform/index.ts";
import type { User } from "./store.ts";
import { handleOf, hashToken, newToken } from "./token.ts";

export const sessionCookie = "postroad_session";

const hour = 60 * 60 * 1000;
/** A session ends 12 hours after it was last used, and 7 days after it began, whichever is first. */
export const sessionIdleMilliseconds = 12 * hour;
export const sessionAbsoluteMilliseconds = 7 * 24 * hour;

export type Session = {
  readonly user: User;
  readonly csrfToken: string;
};

/** Begins a session with a fresh token, so that one planted before signing in is worth nothing. */
export async function beginSession(
  tx: Queries,
  user: User,
  from: { now: Date; ip: string | null; userAgent: string | undefined },
): Promise<{ token: string; csrfToken: string }> {
  const token = newToken();
  const csrfToken = newToken();
  const expires = new Date(from.now.getTime() + sessionAbsoluteMilliseconds);
  await tx.run(sql`delete from sessions where user_id = ${user.id} and expires_at < ${from.now}`);
  await tx.run(sql`
    insert into sessions (token_hash, user_id, csrf_token, created_at, last_seen_at, expires_at, ip, user_agent)
    values (${hashToken(token)}, ${user.id}, ${csrfToken}, ${from.now}, ${from.now}, ${expires}, ${from.ip},
            ${from.userAgent?.slice(0, 300) ?? null})`);
  return { token, csrfToken };
}

/** Finds the session of a cookie's token and notes the visit to the minute. Undefined if it ended or the account is disabled. */
export async function findSession(db: Queries, token: string, now: Date): Promise<Session | undefined> {
  const hash = hashToken(token);
  const row = await db.first<User & { csrfToken: string; lastSeenAt: Date }>(sql`
    select users.id, users.email, users.name, users.role, users.created_at as "createdAt",
      users.disabled_at as "disabledAt", sessions.csrf_token as "csrfToken", sessions.last_seen_at as "lastSeenAt"
    from sessions join users on users.id = sessions.user_id
    where token_hash = ${hash} and users.disabled_at is null and expires_at > ${now}
      and last_seen_at > ${new Date(now.getTime() - sessionIdleMilliseconds)}`);
  if (!row) return undefined;
  if (now.getTime() - row.lastSeenAt.getTime() > 60_000)
    await db.run(sql`update sessions set last_seen_at = ${now} where token_hash = ${hash}`);
  const { csrfToken, lastSeenAt: _, ...user } = row;
  return { user, csrfToken };
}

/** Ends sessions of a person: all, or all but the one with this token. */
export async function endSessions(tx: Queries, userId: string, exceptToken?: string): Promise<void> {
  const kept = exceptToken === undefined ? Buffer.alloc(0) : hashToken(exceptToken);
  await tx.run(sql`delete from sessions where user_id = ${userId} and token_hash <> ${kept}`);
}

export async function endSessionByToken(tx: Queries, token: string): Promise<void> {
  await tx.run(sql`delete from sessions where token_hash = ${hashToken(token)}`);
}

/** Ends one session of a person by its handle. Says whether there was one. */
export async function endSessionByHandle(tx: Queries, userId: string, handle: string): Promise<boolean> {
  return (
    (await tx.run(sql`
      delete from sessions where user_id = ${userId} and left(encode(token_hash, 'hex'), 32) = ${handle}`)) >
    0
  );
}

export async function listSessions(db: Queries, userId: string, now: Date) {
  const rows = await db.rows<{
    tokenHash: Buffer;
    createdAt: Date;
    lastSeenAt: Date;
    ip: string | null;
    userAgent: string | null;
  }>(sql`
    select token_hash as "tokenHash", created_at as "createdAt", last_seen_at as "lastSeenAt", ip, user_agent as "userAgent"
    from sessions where user_id = ${userId} and expires_at > ${now}
      and last_seen_at > ${new Date(now.getTime() - sessionIdleMilliseconds)}
    order by last_seen_at desc`);
  return rows.map(({ tokenHash, ...row }) => ({ id: handleOf(tokenHash), ...row }));
}
