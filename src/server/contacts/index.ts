import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import { defineContactJobs } from "./jobs.ts";
import { bindContactRoutes } from "./routes.ts";
import { bindAttributeRoutes } from "./routes-for-attributes.ts";

export {
  type AttributeDefinition,
  insertAttribute,
  listAttributes,
  type NewAttribute,
} from "./attributes.ts";
export { ensureContact } from "./save-contact.ts";
export {
  type Contact,
  findContact,
  findContactByKey,
  getContact,
  getContactAddress,
  type Person,
} from "./store.ts";

/** Contacts, the attributes they can have, and bringing them in and out. */
export function createContacts(platform: Platform) {
  defineContactJobs(platform);
  return {
    routes: (http: Http) => {
      bindContactRoutes(http, platform);
      bindAttributeRoutes(http, platform);
    },
  };
}
