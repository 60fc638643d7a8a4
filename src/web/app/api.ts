import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { z } from "zod";
import type { RouteDefinition } from "#contract/route.ts";
import { ApiProblem } from "../ui/problem.ts";
import { noteReachable } from "./connection.ts";

type Given<Name extends string, Schema> = Schema extends z.ZodType
  ? { readonly [key in Name]: z.input<Schema> }
  : { readonly [key in Name]?: undefined };

type Queried<Schema> = Schema extends z.ZodType
  ? Record<never, never> extends z.input<Schema>
    ? { readonly query?: z.input<Schema> | undefined }
    : { readonly query: z.input<Schema> }
  : { readonly query?: undefined };

/** What a route must be given, from its own schemas: `{ params, query, body }`, each only if the route has one. */
export type InputOf<Route extends RouteDefinition> = Given<"params", Route["params"]> &
  Queried<Route["query"]> &
  Given<"body", Route["body"]>;

/** What a route answers, after its schema. */
export type AnswerOf<Route extends RouteDefinition> = Route["response"] extends z.ZodType
  ? z.output<Route["response"]>
  : never;

type LooseInput = {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
};

const problemShape = z.object({
  title: z.string(),
  status: z.number(),
  code: z.string(),
  help: z.string(),
  requestId: z.string().optional(),
  facts: z.record(z.string(), z.unknown()).optional(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

let csrfToken = "";

/** Remembers the token that each change must carry; it comes with the session. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** The header of every change. Uploads that bypass `call` add it themselves. */
export function changeHeaders(): Record<string, string> {
  return csrfToken ? { "x-csrf-token": csrfToken } : {};
}

/** The address of a route, for `call`, downloads (`<a href download>`) and event streams. */
export function urlOf(route: RouteDefinition, input: LooseInput = {}): string {
  const params = z.record(z.string(), z.union([z.string(), z.number()])).parse(input.params ?? {});
  const path = route.path.replace(/:([A-Za-z]+)/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ""),
  );
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(z.record(z.string(), z.unknown()).parse(input.query ?? {})))
    if (value !== undefined && value !== "") search.append(key, String(value));
  const query = search.toString();
  return query ? `${path}?${query}` : path;
}

const unreachable = () =>
  new ApiProblem({
    code: "connection.lost",
    title: "The server cannot be reached.",
    help: "Nothing was changed. We keep trying; check your connection.",
    status: 0,
  });

/** Turns an answer that is not a success into the problem it states. */
export function readProblem(status: number, text: string): ApiProblem {
  noteReachable(![502, 503, 504].includes(status), Date.now());
  try {
    return new ApiProblem(problemShape.parse(JSON.parse(text)));
  } catch {
    return new ApiProblem({
      code: "server.failed",
      title: "The server gave an answer that the app does not understand.",
      help: "Try again. If it stays, tell whoever runs this server.",
      status,
    });
  }
}

/**
 * Calls a route of the contract. What is sent and what comes back is typed by the route itself, and the answer is
 * parsed by its schema. Throws ApiProblem for anything but a success.
 */
export async function call<Route extends RouteDefinition>(
  route: Route,
  input: InputOf<Route>,
  signal?: AbortSignal,
): Promise<AnswerOf<Route>>;
export async function call(
  route: RouteDefinition,
  input: LooseInput,
  signal?: AbortSignal,
): Promise<unknown> {
  const response = await fetch(urlOf(route, input), {
    method: route.method,
    credentials: "same-origin",
    headers: {
      accept: "application/json",
      ...(route.method === "GET" ? {} : { "content-type": "application/json", ...changeHeaders() }),
    },
    ...(route.method === "GET" ? {} : { body: JSON.stringify(input.body ?? {}) }),
    ...(signal ? { signal } : {}),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    noteReachable(false, Date.now());
    throw unreachable();
  });
  if (!response.ok) throw readProblem(response.status, await response.text());
  noteReachable(true, Date.now());
  const answer: unknown = await response.json();
  return route.response instanceof z.ZodType ? route.response.parse(answer) : answer;
}

/** A query of one answer: `useQuery(ask(getContact, { params: { id } }))`. Its key starts with the route's id. */
export function ask<Route extends RouteDefinition>(route: Route, input: InputOf<Route>) {
  return queryOptions({
    queryKey: [route.id, input] as const,
    queryFn: ({ signal }) => call(route, input, signal),
  });
}

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };
type ItemOf<Answer> = Answer extends Page<infer Item> ? Item : never;

/** A query of a list that grows by "Load more": `useInfiniteQuery(askPages(listContacts, { query }))`. */
export function askPages<Route extends RouteDefinition>(route: Route, input: InputOf<Route>) {
  type Answer = AnswerOf<Route> & Page<ItemOf<AnswerOf<Route>>>;
  return infiniteQueryOptions({
    queryKey: [route.id, "pages", input] as const,
    initialPageParam: null as string | null,
    queryFn: async ({ signal, pageParam }): Promise<Answer> => {
      const { query, ...rest } = input as LooseInput;
      const withCursor = {
        ...rest,
        query: { ...(query ?? {}), ...(pageParam ? { cursor: pageParam } : {}) },
      };
      return (await call(route, withCursor as InputOf<Route>, signal)) as Answer;
    },
    getNextPageParam: (page: Answer) => page.nextCursor,
  });
}

/** Drops what is cached of routes whose id starts with one of these: `forget(client, "contacts.")`. */
export async function forget(client: QueryClient, ...prefixes: readonly string[]): Promise<void> {
  await client.invalidateQueries({
    predicate: ({ queryKey: [id] }) =>
      typeof id === "string" && prefixes.some((prefix) => id.startsWith(prefix)),
  });
}

/** A change: `const save = useCall(updateContact, { changes: ["contacts."] })`, then `save.mutateAsync({ params, body })`. */
export function useCall<Route extends RouteDefinition>(
  route: Route,
  { changes = [] }: { readonly changes?: readonly string[] } = {},
) {
  const client = useQueryClient();
  return useMutation<AnswerOf<Route>, Error, InputOf<Route>>({
    mutationFn: (input) => call(route, input),
    onSuccess: () => forget(client, ...changes),
  });
}

/**
 * Sends a file as the body of a `body: "stream"` route. `onProgress` hears the share that is under way, 0..1; the signal
 * takes it back. XMLHttpRequest, because fetch cannot tell how much was sent.
 */
export async function upload<Route extends RouteDefinition>(
  route: Route,
  input: Omit<InputOf<Route>, "body">,
  file: Blob,
  { onProgress, signal }: { readonly onProgress: (share: number) => void; readonly signal: AbortSignal },
): Promise<AnswerOf<Route>>;
export function upload(
  route: RouteDefinition,
  input: LooseInput,
  file: Blob,
  { onProgress, signal }: { readonly onProgress: (share: number) => void; readonly signal: AbortSignal },
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(route.method, urlOf(route, input));
    request.setRequestHeader("content-type", "application/octet-stream");
    for (const [name, value] of Object.entries(changeHeaders())) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onerror = () => {
      noteReachable(false, Date.now());
      reject(unreachable());
    };
    request.onabort = () => reject(new DOMException("The upload was taken back", "AbortError"));
    request.onload = () => {
      if (request.status < 200 || request.status >= 300)
        return reject(readProblem(request.status, request.responseText));
      noteReachable(true, Date.now());
      const answer: unknown = JSON.parse(request.responseText);
      resolve(route.response instanceof z.ZodType ? route.response.parse(answer) : answer);
    };
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
