import { defineRoute } from "./route.ts";

/** The API about itself. */
export const apiRoutes = {
  openapi: defineRoute({
    id: "api.openapi",
    method: "GET",
    path: "/api/openapi.json",
    summary: "Gives this description of the API as OpenAPI 3.1.",
    access: "public",
    response: "stream",
    contentType: "application/json; charset=utf-8",
  }),
} as const;
