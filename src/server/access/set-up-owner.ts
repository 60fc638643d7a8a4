import { refuse } from "#contract/errors.ts";
import { type Platform, sql } from "../platform/index.ts";
import { audit } from "./audit.ts";
import { insertSetupLink, useSetupLink } from "./one-time-links.ts";
import { hashPassword } from "./password.ts";
import { hasOwner, insertUser, type User } from "./store.ts";

const setupLinkMilliseconds = 24 * 60 * 60 * 1000;

/**
 * Makes the link that creates the owner, to be printed on the console only; undefined if there is an owner. The token
 * is in the fragment, which browsers send to no server. A newer link replaces an older one; it holds for 24 hours.
 */
export async function createOwnerSetupLink({
  db,
  clock,
  config,
}: Pick<Platform, "db" | "clock" | "config">): Promise<string | undefined> {
  return db.transaction(async (tx) => {
    if (await hasOwner(tx)) return undefined;
    const now = clock.now();
    const expiresAt = new Date(now.getTime() + setupLinkMilliseconds);
    return `${config.publicUrl}/setup#${await insertSetupLink(tx, { now, expiresAt })}`;
  });
}

/** Creates the owner by such a link. Only ever one: a second set-up finds the link used or an owner there. */
export async function setUpOwner(
  { db, clock }: Pick<Platform, "db" | "clock">,
  owner: { token: string; email: string; name: string; password: string; ip: string },
): Promise<User> {
  const passwordHash = await hashPassword(owner.password, owner.email);
  const now = clock.now();
  return db.transaction(async (tx) => {
    await tx.run(sql`select pg_advisory_xact_lock(hashtext('postroad.owner-setup'))`);
    await useSetupLink(tx, owner.token, now);
    if (await hasOwner(tx)) refuse("access.link-used");
    const user = await insertUser(tx, {
      email: owner.email,
      name: owner.name,
      role: "owner",
      passwordHash,
      now,
    });
    if (!user) return refuse("access.email-taken");
    await audit(
      tx,
      { kind: "user", id: user.id, label: user.email, role: "owner", ip: owner.ip },
      { action: "owner.set-up", subjectKind: "user", subjectId: `usr_${user.id}` },
    );
    return user;
  });
}
