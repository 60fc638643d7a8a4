import { refuse } from "#contract/errors.ts";
import type { Role } from "#core/access/permissions.ts";
import { type Queries, sql } from "../platform/index.ts";
import { handleOf, hashToken, newToken } from "./token.ts";

type InvitedRole = Exclude<Role, "owner">;

export type Invitation = {
  readonly id: string;
  readonly email: string;
  readonly role: InvitedRole;
  readonly createdAt: Date;
  readonly expiresAt: Date;
};

type InvitationRow = Omit<Invitation, "id"> & { readonly tokenHash: Buffer };

const invitationColumns = sql`token_hash as "tokenHash", email, role, created_at as "createdAt", expires_at as "expiresAt"`;
const toInvitation = ({ tokenHash, ...row }: InvitationRow): Invitation => ({
  id: handleOf(tokenHash),
  ...row,
});

/** Makes the token of a new set-up link and drops older unused ones, so that only the last printed one works. */
export async function insertSetupLink(tx: Queries, times: { now: Date; expiresAt: Date }): Promise<string> {
  const token = newToken();
  await tx.run(sql`delete from one_time_links where purpose = 'owner-setup' and used_at is null`);
  await tx.run(sql`
    insert into one_time_links (token_hash, purpose, created_at, expires_at)
    values (${hashToken(token)}, 'owner-setup', ${times.now}, ${times.expiresAt})`);
  return token;
}

/** Makes an invitation; a new one for the same address replaces the old. */
export async function insertInvitation(
  tx: Queries,
  invited: { email: string; role: InvitedRole; createdBy: string | null; now: Date; expiresAt: Date },
): Promise<{ token: string; invitation: Invitation }> {
  const token = newToken();
  await tx.run(sql`
    delete from one_time_links
    where purpose = 'invitation' and used_at is null and lower(email) = lower(${invited.email})`);
  const row = await tx.first<InvitationRow>(sql`
    insert into one_time_links (token_hash, purpose, email, role, created_by, created_at, expires_at)
    values (${hashToken(token)}, 'invitation', ${invited.email}, ${invited.role}, ${invited.createdBy},
            ${invited.now}, ${invited.expiresAt})
    returning ${invitationColumns}`);
  if (!row) throw new Error("An inserted invitation was not returned");
  return { token, invitation: toInvitation(row) };
}

/** Uses a set-up link up. Refuses if it was used, replaced or is too old: of fifty parallel tries one succeeds. */
export async function useSetupLink(tx: Queries, token: string, now: Date): Promise<void> {
  const used = await tx.run(sql`
    update one_time_links set used_at = ${now}
    where token_hash = ${hashToken(token)} and purpose = 'owner-setup' and used_at is null and expires_at > ${now}`);
  if (used === 0) refuse("access.link-used");
}

/** Uses an invitation up, with the same refusals. */
export async function useInvitation(tx: Queries, token: string, now: Date): Promise<Invitation> {
  const row = await tx.first<InvitationRow>(sql`
    update one_time_links set used_at = ${now}
    where token_hash = ${hashToken(token)} and purpose = 'invitation' and used_at is null and expires_at > ${now}
    returning ${invitationColumns}`);
  return row ? toInvitation(row) : refuse("access.link-used");
}

export async function findInvitation(db: Queries, token: string, now: Date): Promise<Invitation | undefined> {
  const row = await db.first<InvitationRow>(sql`
    select ${invitationColumns} from one_time_links
    where token_hash = ${hashToken(token)} and purpose = 'invitation' and used_at is null and expires_at > ${now}`);
  return row && toInvitation(row);
}

export async function listInvitations(db: Queries, now: Date): Promise<Invitation[]> {
  const rows = await db.rows<InvitationRow>(sql`
    select ${invitationColumns} from one_time_links
    where purpose = 'invitation' and used_at is null and expires_at > ${now} order by created_at desc limit 1000`);
  return rows.map(toInvitation);
}

/** Deletes an unused invitation by its handle; undefined if there is none. */
export async function deleteInvitation(tx: Queries, handle: string): Promise<Invitation | undefined> {
  const row = await tx.first<InvitationRow>(sql`
    delete from one_time_links
    where purpose = 'invitation' and used_at is null and left(encode(token_hash, 'hex'), 32) = ${handle}
    returning ${invitationColumns}`);
  return row && toInvitation(row);
}
