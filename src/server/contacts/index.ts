import type { Http } from "../platform/http/implement.ts";
import type { Platform, Queries } from "../platform/index.ts";
import { bindImportRoutes } from "./imports/routes.ts";
import type { GrantConsent } from "./imports/take-over-batch.ts";
import { defineContactJobs } from "./jobs.ts";
import { bindContactRoutes } from "./routes.ts";
import { bindAttributeRoutes } from "./routes-for-attributes.ts";

export type {
  AttributeDefinition,
  NewAttribute,
} from "./attributes.ts";
export { ensureContact } from "./save-contact.ts";
export {
  type Contact,
  getContactAddress,
  type Person,
} from "./store.ts";

/** What contacts needs of consent, which is a later domain. */
export type ConsentForImports = {
  readonly grantConsent: GrantConsent;
  /** Refuses a topic that consent cannot be given for. */
  readonly checkTopic: (db: Queries, topicId: string) => Promise<void>;
};

/** Contacts, the attributes they can have, and bringing them in and out. */
export function createContacts(platform: Platform, { grantConsent, checkTopic }: ConsentForImports) {
  defineContactJobs(platform, grantConsent);
  return {
    routes: (http: Http) => {
      bindContactRoutes(http, platform);
      bindAttributeRoutes(http, platform);
      bindImportRoutes(http, { ...platform, checkTopic });
    },
  };
}
