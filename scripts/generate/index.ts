import { openApiDocument } from "#contract/openapi.ts";
import { routes } from "#contract/routes.ts";
import { errorsPage } from "./errors-page.ts";
import { sdkClient } from "./sdk-client.ts";

/** Every file that is made from the contract, with what must be in it. Paths are relative to the repository. */
export function generatedFiles(): { readonly path: string; readonly content: string }[] {
  return [
    { path: "docs/openapi.json", content: `${JSON.stringify(openApiDocument(routes), null, 1)}\n` },
    { path: "docs/errors.md", content: errorsPage() },
    { path: "sdk/src/client.gen.ts", content: sdkClient(routes) },
  ];
}
