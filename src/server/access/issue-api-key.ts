import type { Actor } from "#core/access/actor.ts";
import type { Role } from "#core/access/permissions.ts";
import { toId } from "#core/kernel/ids.ts";
import type { Platform } from "../platform/index.ts";
import { audit } from "./audit.ts";
import { apiKeyMark } from "./authenticate.ts";
import { type ApiKey, insertApiKey } from "./store.ts";
import { hashToken, newToken } from "./token.ts";

/** Makes an API key. The secret is given only here; what is stored of it cannot be used. */
export async function issueApiKey(
  { db, clock }: Pick<Platform, "db" | "clock">,
  actor: Actor,
  wanted: { readonly name: string; readonly role: Exclude<Role, "owner"> },
): Promise<{ key: ApiKey; secret: string }> {
  const secret = `${apiKeyMark}${newToken()}`;
  const key = await db.transaction(async (tx) => {
    const made = await insertApiKey(tx, {
      ...wanted,
      prefix: secret.slice(0, 10),
      hash: hashToken(secret),
      createdBy: actor.kind === "user" ? actor.id : null,
      now: clock.now(),
    });
    await audit(tx, actor, {
      action: "api-key.created",
      subjectKind: "api-key",
      subjectId: toId("apiKey", made.id),
      details: { name: made.name, role: made.role },
    });
    return made;
  });
  return { key, secret };
}
