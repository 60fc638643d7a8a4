import type { Role } from "#core/access/permissions.ts";
import { type Queries, sql } from "../platform/index.ts";

export type User = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
};

const userColumns = sql`id, email, name, role, created_at as "createdAt", disabled_at as "disabledAt"`;

/** What makes two spellings of a sign-in address the same. */
export function emailKey(email: string): string {
  return email.trim().normalize("NFC").toLowerCase();
}

export async function hasOwner(db: Queries): Promise<boolean> {
  return (await db.first(sql`select 1 from users where role = 'owner'`)) !== undefined;
}

/** Adds an account; undefined if the address has one. */
export async function insertUser(
  tx: Queries,
  user: { email: string; name: string; role: Role; passwordHash: string; now: Date },
): Promise<User | undefined> {
  return tx.first<User>(sql`
    insert into users (email, email_key, name, password_hash, role, created_at)
    values (${user.email}, ${emailKey(user.email)}, ${user.name}, ${user.passwordHash}, ${user.role}, ${user.now})
    on conflict (email_key) do nothing returning ${userColumns}`);
}

export async function findUserToSignIn(
  db: Queries,
  email: string,
): Promise<(User & { passwordHash: string }) | undefined> {
  return db.first(sql`
    select ${userColumns}, password_hash as "passwordHash" from users where email_key = ${emailKey(email)}`);
}

export async function findPasswordHash(db: Queries, userId: string): Promise<string | undefined> {
  const row = await db.first<{ hash: string }>(
    sql`select password_hash as hash from users where id = ${userId}`,
  );
  return row?.hash;
}

/** Locks all owners, then reads one account: two owners cannot demote each other at the same moment. */
export async function lockUser(
  tx: Queries,
  id: string,
): Promise<{ user: User; otherActiveOwners: number } | undefined> {
  const locked = await tx.rows<User>(
    sql`select ${userColumns} from users where role = 'owner' or id = ${id} order by id for update`,
  );
  const user = locked.find((each) => each.id === id);
  if (!user) return undefined;
  const others = locked.filter((each) => each.id !== id && each.role === "owner" && each.disabledAt === null);
  return { user, otherActiveOwners: others.length };
}

export async function listUsers(
  db: Queries,
  page: { after: string; limit: number },
): Promise<(User & { lastSeenAt: Date | null })[]> {
  return db.rows(sql`
    select ${userColumns}, (select max(last_seen_at) from sessions where user_id = users.id) as "lastSeenAt"
    from users where id > ${page.after} order by id limit ${page.limit + 1}`);
}

export type ApiKey = {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly role: "admin" | "marketer" | "analyst";
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
};

const keyColumns = sql`id, name, prefix, role, created_at as "createdAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt"`;

export async function insertApiKey(
  tx: Queries,
  key: { name: string; prefix: string; hash: Buffer; role: string; createdBy: string | null; now: Date },
): Promise<ApiKey> {
  const [row] = await tx.rows<ApiKey>(sql`
    insert into api_keys (name, prefix, secret_hash, role, created_by, created_at)
    values (${key.name}, ${key.prefix}, ${key.hash}, ${key.role}, ${key.createdBy}, ${key.now})
    returning ${keyColumns}`);
  if (!row) throw new Error("An inserted key was not returned");
  return row;
}

export async function listApiKeys(db: Queries, page: { after: string; limit: number }): Promise<ApiKey[]> {
  return db.rows(
    sql`select ${keyColumns} from api_keys where id > ${page.after} order by id limit ${page.limit + 1}`,
  );
}

/** Revokes a key that is not revoked yet; undefined if there is none. */
export async function revokeApiKey(tx: Queries, id: string, now: Date): Promise<ApiKey | undefined> {
  return tx.first(
    sql`update api_keys set revoked_at = ${now} where id = ${id} and revoked_at is null returning ${keyColumns}`,
  );
}

export async function findApiKey(db: Queries, hash: Buffer): Promise<ApiKey | undefined> {
  return db.first(sql`select ${keyColumns} from api_keys where secret_hash = ${hash} and revoked_at is null`);
}

/** Notes that a key was used, to the minute. */
export async function touchApiKey(db: Queries, id: string, now: Date): Promise<void> {
  await db.run(sql`
    update api_keys set last_used_at = ${now}
    where id = ${id} and (last_used_at is null or last_used_at < ${new Date(now.getTime() - 60_000)})`);
}
