import { fail, ok, type Result } from "../kernel/result.ts";
import { RenderStop } from "../template/budget.ts";
import type { RenderProblem } from "./mailing-context.ts";

/** Thrown where a message cannot be made, and turned into a value at the renderer's door. */
export class Refusal extends Error {
  readonly code: RenderProblem["code"];

  constructor(code: RenderProblem["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** Runs a rendering and gives its refusal as a value. */
export function refusing<Value>(make: () => Value): Result<Value, RenderProblem> {
  try {
    return ok(make());
  } catch (stop) {
    if (stop instanceof Refusal) return fail({ code: stop.code, message: stop.message });
    if (stop instanceof RenderStop) return fail({ code: "template-failed", message: stop.message });
    throw stop;
  }
}
