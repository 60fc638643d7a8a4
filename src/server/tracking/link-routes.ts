import { linkRoutes } from "#contract/tracking.ts";
import { fromId } from "#core/kernel/ids.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import { listRepairedLinks, listRepairs, repairLink } from "./repair-link.ts";

/** Binds what can be done with links of messages that were sent. */
export function bindLinkRoutes(http: Http, platform: Platform): void {
  const rowOf = (id: string) => fromId("messageVersion", id) ?? "0";
  http.implement(linkRoutes.repairs, async ({ params }) => ({
    items: await listRepairs(platform.db, rowOf(params.versionId)),
  }));
  http.implement(linkRoutes.repair, ({ actor, params, body }) =>
    repairLink(platform, actor, { versionId: rowOf(params.versionId), number: params.number, url: body.url }),
  );
  http.implement(linkRoutes.ofDelivery, async ({ params }) => ({
    items: await listRepairedLinks(platform.db, fromId("delivery", params.id) ?? "0"),
  }));
}
