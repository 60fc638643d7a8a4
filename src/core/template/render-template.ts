import { fail, ok, type Result } from "../kernel/result.ts";
import { Budget, defaultLimits, type Limits, RenderStop } from "./budget.ts";
import type { Frame } from "./evaluate.ts";
import { flatten } from "./flatten.ts";
import { linkProgram } from "./link-program.ts";
import { parseTemplate } from "./parse-template.ts";
import type { Context } from "./program.ts";
import { runProgram, TextSink } from "./run-program.ts";
import { fromJson, isMap } from "./value.ts";

export type TemplateSetting = {
  /** How values are escaped. */
  readonly as: Context;
  readonly locale?: string;
  readonly timeZone?: string;
  /** Milliseconds since 1970, for `now`. */
  readonly now?: number;
  readonly limits?: Limits;
};

/**
 * Renders a template that is no message, such as a text of the content settings, with plain data. The same
 * parser and interpreter as for messages; the problem, if any, in one sentence.
 */
export function renderTemplate(
  source: string,
  data: Readonly<Record<string, unknown>>,
  setting: TemplateSetting,
): Result<string, string> {
  const parsed = parseTemplate(source);
  if (!parsed.ok) return fail(`Line ${parsed.error.at.line}: ${parsed.error.message}`);
  const roots = fromJson(data);
  const program = linkProgram(flatten(parsed.value, { contextOf: () => setting.as }), (root) => {
    if (root === "now" || root === "today") return { constant: root, used: 0 };
    if (!isMap(roots) || !roots.has(root)) return undefined;
    return { constant: roots.get(root) ?? null, used: 0 };
  });
  const frame: Frame = {
    budget: new Budget(setting.limits ?? defaultLimits),
    locals: [],
    loops: [],
    locale: setting.locale ?? "en",
    timeZone: setting.timeZone ?? "UTC",
    now: setting.now ?? 0,
    slot: () => null,
  };
  const sink = new TextSink();
  try {
    runProgram(program, frame, sink, plainOutlets);
    return ok(sink.text);
  } catch (stop) {
    if (stop instanceof RenderStop) return fail(stop.message);
    throw stop;
  }
}

const plainOutlets = {
  fixedLink: (_: number, text: string) => text,
  link: (_: number, url: string) => url,
  beacon: () => "",
};
