import type { ErrorCode } from "./client.gen.ts";

/** How to reach a Postroad server. */
export type ClientOptions = {
  /** Such as `https://mail.example.com`; the paths of the API are added to it. Empty: this page's own origin. */
  readonly baseUrl: string;
  /** For machines: a key from the settings, `prk_…`. */
  readonly apiKey?: string;
  /** For pages that use the session cookie: the token from `access.session`, asked for at each change. */
  readonly csrf?: () => string | undefined;
  /** Used in place of the global `fetch`. */
  readonly fetch?: typeof fetch;
};

type Problem = {
  readonly code: ErrorCode;
  readonly status: number;
  readonly title: string;
  readonly help: string;
  readonly requestId: string;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly issues?: readonly { readonly path: string; readonly message: string }[];
};

/** A request that was refused. `code` says why (docs/errors.md), `help` what to do. */
export class PostroadError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly help: string;
  readonly requestId: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly issues: readonly { readonly path: string; readonly message: string }[];
  constructor(problem: Problem) {
    super(problem.title);
    this.name = "PostroadError";
    this.code = problem.code;
    this.status = problem.status;
    this.help = problem.help;
    this.requestId = problem.requestId;
    this.facts = problem.facts ?? {};
    this.issues = problem.issues ?? [];
  }
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    typeof value.code === "string" &&
    "title" in value
  );
}

async function problemOf(response: Response): Promise<PostroadError> {
  const body: unknown = await response.json().catch(() => undefined);
  if (isProblem(body)) return new PostroadError(body);
  return new PostroadError({
    code: response.status === 503 ? "server.unavailable" : "server.failed",
    status: response.status,
    title: `The server answered ${response.status} without saying why.`,
    help: "Try again; something between you and the server may have answered.",
    requestId: response.headers.get("x-request-id") ?? "",
  });
}

/** What can be uploaded: anything that fetch sends. */
export type FileBody = NonNullable<RequestInit["body"]>;

type Input = {
  readonly params?: object;
  readonly query?: object;
  readonly body?: unknown;
  /** What an upload sends. */
  readonly file?: FileBody;
  readonly signal?: AbortSignal;
};

function addressOf(baseUrl: string, path: string, input: Input): string {
  const params: Readonly<Record<string, unknown>> = { ...input.params };
  const filled = path.replace(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...input.query }))
    if (value !== undefined && value !== null) search.append(name, String(value));
  const query = search.toString();
  return `${baseUrl.replace(/\/+$/, "")}${filled}${query === "" ? "" : `?${query}`}`;
}

/** How a generated method asks: by what kind of body it sends and what kind of answer it gets. */
export type Caller = {
  readonly json: <Answer>(method: string, path: string, input?: Input) => Promise<Answer>;
  readonly upload: <Answer>(method: string, path: string, input?: Input) => Promise<Answer>;
  readonly download: (method: string, path: string, input?: Input) => Promise<Response>;
};

/** Makes the functions that all methods of a client call. */
export function createCaller(options: ClientOptions): Caller {
  const send = options.fetch ?? fetch;

  async function ask(method: string, path: string, input: Input, contentType: string, body: FileBody) {
    const headers: Record<string, string> = { accept: "*/*" };
    if (options.apiKey !== undefined) headers.authorization = `Bearer ${options.apiKey}`;
    const init: RequestInit = { method, headers };
    if (input.signal) init.signal = input.signal;
    if (method !== "GET") {
      const csrf = options.csrf?.();
      if (csrf !== undefined) headers["x-csrf-token"] = csrf;
      headers["content-type"] = contentType;
      init.body = body;
    }
    const response = await send(addressOf(options.baseUrl, path, input), init);
    if (!response.ok) throw await problemOf(response);
    return response;
  }
  const askJson = (method: string, path: string, input: Input) =>
    ask(method, path, input, "application/json", JSON.stringify(input.body ?? {}));

  return {
    json: async <Answer>(method: string, path: string, input: Input = {}) =>
      (await (await askJson(method, path, input)).json()) as Answer,
    upload: async <Answer>(method: string, path: string, input: Input = {}) =>
      (await (await ask(method, path, input, "application/octet-stream", input.file ?? "")).json()) as Answer,
    download: async (method, path, input = {}) => askJson(method, path, input),
  };
}
