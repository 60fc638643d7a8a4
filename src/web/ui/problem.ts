/** One field that is wrong, as problem+json names it: a path such as `attributes.city`, and a sentence. */
export type Issue = { readonly path: string; readonly message: string };

type ProblemDetails = {
  readonly code: string;
  readonly title: string;
  readonly help: string;
  readonly status: number;
  readonly requestId?: string | undefined;
  readonly facts?: Readonly<Record<string, unknown>> | undefined;
  readonly issues?: readonly Issue[] | undefined;
};

/** A refused or failed request in words that a person can be shown (RFC 9457). Status 0: no answer at all. */
export class ApiProblem extends Error {
  readonly code: string;
  readonly title: string;
  readonly help: string;
  readonly status: number;
  readonly requestId: string | undefined;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly issues: readonly Issue[];

  constructor(details: ProblemDetails) {
    super(details.title);
    this.name = "ApiProblem";
    this.code = details.code;
    this.title = details.title;
    this.help = details.help;
    this.status = details.status;
    this.requestId = details.requestId;
    this.facts = details.facts ?? {};
    this.issues = details.issues ?? [];
  }
}

/** Reads anything thrown as a problem; what is not one is a bug of the page and says so. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem({
    code: "page.failed",
    title: "This page ran into a problem.",
    help: "Reload it. If it stays, tell whoever runs this server what you were doing.",
    status: 500,
    facts: { reason: error instanceof Error ? error.message : String(error) },
  });
}

/** True if the server or its database could not be reached: trying again is the remedy, not correcting anything. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof ApiProblem && [0, 502, 503, 504].includes(error.status);
}
