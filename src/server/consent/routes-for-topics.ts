import type { z } from "zod";
import { type Topic, topicRoutes } from "#contract/topics.ts";
import type { Actor } from "#core/access/actor.ts";
import { fromId, toId } from "#core/kernel/ids.ts";
import { audit } from "../access/index.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform, Transaction } from "../platform/index.ts";
import {
  changeTopic,
  countTopics,
  insertTopic,
  listTopics,
  setTopicArchived,
  type Topic as TopicRow,
} from "./topics.ts";

function presentTopic(topic: TopicRow): z.input<typeof Topic> {
  return {
    ...topic,
    id: toId("topic", topic.id),
    createdAt: topic.createdAt.toISOString(),
    archivedAt: topic.archivedAt?.toISOString() ?? null,
  };
}

/** Binds topics. */
export function bindTopicRoutes(http: Http, { db, clock }: Pick<Platform, "db" | "clock">): void {
  const rowOf = (id: string) => fromId("topic", id) ?? "0";

  async function audited(
    actor: Actor,
    action: string,
    work: (tx: Transaction) => Promise<TopicRow>,
  ): Promise<z.input<typeof Topic>> {
    return db.transaction(async (tx) => {
      const topic = presentTopic(await work(tx));
      await audit(tx, actor, {
        action: `topic.${action}`,
        subjectKind: "topic",
        subjectId: topic.id,
        details: { name: topic.name },
      });
      return topic;
    });
  }

  http.implement(topicRoutes.list, async ({ query }) => ({
    items: (await listTopics(db, { archived: query.archived === "yes" })).map(presentTopic),
  }));

  http.implement(topicRoutes.counts, async () => ({
    items: (await countTopics(db)).map((row) => ({ ...row, id: toId("topic", row.id) })),
  }));

  http.implement(topicRoutes.create, ({ actor, body }) =>
    audited(actor, "created", (tx) => insertTopic(tx, body)),
  );
  http.implement(topicRoutes.change, ({ actor, params, body }) =>
    audited(actor, "changed", (tx) => changeTopic(tx, rowOf(params.id), body)),
  );
  http.implement(topicRoutes.archive, ({ actor, params }) =>
    audited(actor, "archived", (tx) => setTopicArchived(tx, rowOf(params.id), clock.now())),
  );
  http.implement(topicRoutes.restore, ({ actor, params }) =>
    audited(actor, "restored", (tx) => setTopicArchived(tx, rowOf(params.id), null)),
  );
}
