import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import { createAuthenticate } from "./authenticate.ts";
import { bindAccessRoutes } from "./routes.ts";

export { type AuditActor, type AuditEntry, audit } from "./audit.ts";
export { issueApiKey } from "./issue-api-key.ts";
export { createOwnerSetupLink } from "./set-up-owner.ts";

/** Accounts: who is asking, what they may do, and the record of what they did. */
export function createAccess(platform: Platform) {
  return {
    authenticate: createAuthenticate(platform),
    routes: (http: Http) => bindAccessRoutes(http, platform),
  };
}
