import type { z } from "zod";
import { contentRoutes, type ContentSettings as Shape } from "#contract/content.ts";
import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { fromId, toId } from "#core/kernel/ids.ts";
import { problemsOfTags, tidyLinkTags } from "#core/messages/link-tags.ts";
import { audit } from "../access/index.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform, Transaction } from "../platform/index.ts";
import { findUses } from "./find-uses.ts";
import {
  type ContentChange,
  type ContentSettings,
  deleteContentSettings,
  emptyContext,
  getContentSettings,
  insertContentSettings,
  listContentSettings,
  lockContentSettings,
  moveDefault,
  updateContentSettings,
} from "./store.ts";

const rowOf = (id: string) => fromId("contentSettings", id) ?? "0";

function present(settings: ContentSettings): z.input<typeof Shape> {
  return {
    ...settings,
    id: toId("contentSettings", settings.id),
    socialLinks: { ...settings.socialLinks },
    texts: { ...settings.texts },
    linkTags: tidyLinkTags(settings.linkTags),
    updatedAt: settings.updatedAt.toISOString(),
  };
}

function refuseWrongTags({ linkTags }: ContentChange): void {
  const problems = linkTags ? problemsOfTags(linkTags) : [];
  if (problems.length === 0) return;
  refuse("content.link-tags-wrong", {
    problems: problems.map(({ path, message }) => ({ path: `linkTags.${path}`, message })),
  });
}

/** What was sent over what there was; undefined means not sent. */
function over<Before extends object>(before: Before, change: ContentChange): Before {
  const sent = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...before, ...Object.fromEntries(sent) };
}

/** Binds content settings. */
export function bindContentRoutes(http: Http, { db }: Pick<Platform, "db">): void {
  async function audited(
    actor: Actor,
    action: string,
    work: (tx: Transaction) => Promise<ContentSettings>,
  ): Promise<z.input<typeof Shape>> {
    return db.transaction(async (tx) => {
      const settings = present(await work(tx));
      await audit(tx, actor, {
        action: `content-settings.${action}`,
        subjectKind: "content-settings",
        subjectId: settings.id,
        details: { name: settings.name },
      });
      return settings;
    });
  }

  http.implement(contentRoutes.list, async () => ({ items: (await listContentSettings(db)).map(present) }));

  http.implement(contentRoutes.get, async ({ params }) =>
    present(await getContentSettings(db, rowOf(params.id))),
  );

  http.implement(contentRoutes.create, ({ actor, body }) => {
    refuseWrongTags(body);
    return audited(actor, "created", (tx) =>
      insertContentSettings(tx, over({ ...emptyContext, name: body.name }, body)),
    );
  });

  http.implement(contentRoutes.change, ({ actor, params, body }) => {
    refuseWrongTags(body);
    return audited(actor, "changed", async (tx) => {
      const before = await lockContentSettings(tx, rowOf(params.id));
      return updateContentSettings(tx, before.id, over(before, body));
    });
  });

  http.implement(contentRoutes.makeDefault, ({ actor, params }) =>
    audited(actor, "made-default", async (tx) => {
      const { id } = await lockContentSettings(tx, rowOf(params.id));
      await moveDefault(tx, id);
      return getContentSettings(tx, id);
    }),
  );

  http.implement(contentRoutes.delete, async ({ actor, params }) => {
    await audited(actor, "deleted", async (tx) => {
      const settings = await lockContentSettings(tx, rowOf(params.id));
      if (settings.isDefault) refuse("content.is-default");
      const usedBy = await findUses(tx, settings.id);
      if (usedBy.length > 0) refuse("content.in-use", { usedBy });
      await deleteContentSettings(tx, settings.id);
      return settings;
    });
    return { done: true as const };
  });
}
