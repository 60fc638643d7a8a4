import { apiRoutes } from "#contract/api.ts";
import { openApiDocument } from "#contract/openapi.ts";
import { routes } from "#contract/routes.ts";
import type { Http } from "./implement.ts";

/** Serves the description of the API, made once from the very table that the server binds. */
export function bindApiDescription(http: Http): void {
  let description: string | undefined;
  http.implement(apiRoutes.openapi, async () => {
    description ??= JSON.stringify(openApiDocument(routes));
    return description;
  });
}
