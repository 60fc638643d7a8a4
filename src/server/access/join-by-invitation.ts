import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { toId } from "#core/kernel/ids.ts";
import type { Platform } from "../platform/index.ts";
import { audit } from "./audit.ts";
import { findInvitation, type Invitation, insertInvitation, useInvitation } from "./one-time-links.ts";
import { hashPassword } from "./password.ts";
import { findUserToSignIn, insertUser, type User } from "./store.ts";

const invitationMilliseconds = 3 * 24 * 60 * 60 * 1000;

type Deps = Pick<Platform, "db" | "clock" | "config">;

/** Makes a one-time link for an address without an account. It holds for three days; its token is in the fragment. */
export async function inviteUser(
  { db, clock, config }: Deps,
  actor: Actor,
  invited: { email: string; role: Invitation["role"] },
): Promise<Invitation & { link: string }> {
  const now = clock.now();
  const expiresAt = new Date(now.getTime() + invitationMilliseconds);
  return db.transaction(async (tx) => {
    if (await findUserToSignIn(tx, invited.email)) return refuse("access.email-taken");
    const createdBy = actor.kind === "user" ? actor.id : null;
    const { token, invitation } = await insertInvitation(tx, { ...invited, createdBy, now, expiresAt });
    await audit(tx, actor, { action: "user.invited", details: { email: invited.email, role: invited.role } });
    return { ...invitation, link: `${config.publicUrl}/invitation#${token}` };
  });
}

/** Creates the invited account. The password is judged before the link is used up, so that a weak one can be mended. */
export async function joinByInvitation(
  { db, clock }: Deps,
  joining: { token: string; name: string; password: string; ip: string },
): Promise<User> {
  const open = await findInvitation(db, joining.token, clock.now());
  if (!open) return refuse("access.link-used");
  const passwordHash = await hashPassword(joining.password, open.email);
  return db.transaction(async (tx) => {
    const now = clock.now();
    const { email, role } = await useInvitation(tx, joining.token, now);
    const user = await insertUser(tx, { email, role, name: joining.name, passwordHash, now });
    if (!user) return refuse("access.email-taken");
    await audit(
      tx,
      { kind: "user", id: user.id, label: email, role, ip: joining.ip },
      { action: "user.joined", subjectKind: "user", subjectId: toId("user", user.id), details: { role } },
    );
    return user;
  });
}
