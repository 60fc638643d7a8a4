import { z } from "zod";
import { type ErrorCode, errorCatalogue } from "./errors.ts";
import type { RouteDefinition } from "./route.ts";

type Json = { readonly [key: string]: unknown };

/** JSON Schema (draft 2020-12, which OpenAPI 3.1 uses) of what is sent ("input") or answered ("output"). */
export function jsonSchemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    target: "draft-2020-12",
    // A format says it all; zod's patterns for dates and addresses are hundreds of characters each.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    },
  });
  return rest;
}

/** What any route may be refused with, besides what it declares. */
function errorsOf(route: RouteDefinition): ErrorCode[] {
  const codes = new Set<ErrorCode>(route.errors ?? []);
  if (route.params || route.query || route.body) codes.add("request.invalid");
  if (route.access !== "public") codes.add("access.not-signed-in");
  if (route.access !== "public" && route.method !== "GET") codes.add("access.csrf");
  if (route.access !== "public" && route.access !== "signed-in") codes.add("access.forbidden");
  return [...codes, "server.failed", "server.unavailable"];
}

function problemResponses(route: RouteDefinition): Json {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of errorsOf(route)) {
    const { status } = errorCatalogue[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, codes]) => [
        String(status),
        {
          description: codes.map((code) => `\`${code}\`: ${errorCatalogue[code].title}`).join(" "),
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      ]),
  );
}

function parametersOf(schema: z.ZodObject | undefined, place: "path" | "query"): Json[] {
  if (!schema) return [];
  const json = jsonSchemaOf(schema, "input");
  const required = new Set(Array.isArray(json.required) ? json.required : []);
  return Object.entries(z.record(z.string(), z.unknown()).parse(json.properties ?? {})).map(([name, of]) => ({
    name,
    in: place,
    required: place === "path" || required.has(name),
    schema: of,
  }));
}

function requestBodyOf(route: RouteDefinition): Json {
  if (!route.body) return {};
  const content =
    route.body === "stream"
      ? { "application/octet-stream": { schema: { type: "string", format: "binary" } } }
      : { "application/json": { schema: jsonSchemaOf(route.body, "input") } };
  return { requestBody: { required: true, content } };
}

function operationOf(route: RouteDefinition): Json {
  const mediaType = route.contentType?.split(";")[0] ?? "application/octet-stream";
  const content =
    route.response === "stream"
      ? { [mediaType]: { schema: { type: "string" } } }
      : { "application/json": { schema: jsonSchemaOf(route.response, "output") } };
  const needs =
    route.access === "public" || route.access === "signed-in" ? [] : [`Needs \`${route.access}\`.`];
  return {
    operationId: route.id,
    tags: [route.id.split(".")[0]],
    summary: route.summary,
    ...(needs.length > 0 ? { description: needs.join(" ") } : {}),
    ...(route.access === "public" ? { security: [] } : {}),
    parameters: [...parametersOf(route.params, "path"), ...parametersOf(route.query, "query")],
    ...requestBodyOf(route),
    responses: { "200": { description: "Done.", content }, ...problemResponses(route) },
  };
}

/** The body of every refusal (RFC 9457), as server/platform/http/problem.ts sends it. */
const problem = {
  type: "object",
  required: ["type", "title", "status", "code", "help", "requestId"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string", enum: Object.keys(errorCatalogue) },
    help: { type: "string", description: "What to do about it." },
    requestId: { type: "string" },
    facts: { type: "object", additionalProperties: true },
    issues: {
      type: "array",
      items: {
        type: "object",
        required: ["path", "message"],
        properties: { path: { type: "string" }, message: { type: "string" } },
      },
    },
  },
} as const;

/** Describes routes as an OpenAPI 3.1 document. */
export function openApiDocument(routes: readonly RouteDefinition[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:([A-Za-z]+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Postroad",
      version: "1",
      description:
        "Lists are paged by an opaque cursor. Refusals are problem+json with a code from the error catalogue. " +
        "A session cookie must come with the x-csrf-token header on every change; an API key needs none.",
    },
    security: [{ apiKey: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "An API key: `Bearer prk_…`." },
        session: { type: "apiKey", in: "cookie", name: "postroad_session" },
      },
      schemas: { Problem: problem },
    },
  };
}
