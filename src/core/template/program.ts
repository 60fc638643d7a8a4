import { z } from "zod";

/** What a value may be compared with besides itself: Liquid's `empty` and `blank`. */
export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "empty" }
  | { readonly kind: "blank" }
  | {
      readonly kind: "path";
      readonly root: string;
      readonly keys: readonly PathKey[];
      /** Offset in the source; only while a template is checked. */
      readonly at?: number;
    }
  /** Whether something counts as true. */
  | { readonly kind: "truth"; readonly value: Expression }
  | { readonly kind: "range"; readonly from: Expression; readonly to: Expression }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "filter";
      readonly name: string;
      readonly input: Expression;
      readonly args: readonly Expression[];
      readonly at?: number;
    };

export type PathKey = string | number | Expression;

export const binaryOperators = ["==", "!=", "<", ">", "<=", ">=", "contains", "and", "or"] as const;
export type BinaryOperator = (typeof binaryOperators)[number];

/**
 * Where a value lands, which decides how it is escaped.
 *
 * `html` serves text and quoted attributes alike; `url` is a whole URL at the start of an attribute; `url-part`
 * is a piece of one; `css` is strictly filtered; `plain` is the text part; `header` drops line breaks;
 * `raw-url` and `raw-url-part` are the same two inside a link whose address is put together before it is escaped;
 * `nothing` is inside a comment, which nobody should be shown.
 */
export const contexts = [
  "html",
  "url",
  "url-part",
  "css",
  "plain",
  "header",
  "raw-url",
  "raw-url-part",
  "nothing",
] as const;
export type Context = (typeof contexts)[number];

/** One step of a compiled template. Jump targets are indexes into the list of steps. */
export type Op =
  | { readonly op: "text"; readonly text: string }
  | {
      readonly op: "out";
      readonly value: Expression;
      readonly as: Context;
      readonly line: number;
      readonly column: number;
    }
  | { readonly op: "jump"; readonly to: number }
  | { readonly op: "unless"; readonly value: Expression; readonly to: number }
  | {
      readonly op: "for";
      readonly name: string;
      readonly list: Expression;
      readonly limit: Expression | null;
      readonly offset: Expression | null;
      readonly reversed: boolean;
      /** Where to go when the list is empty, and when the loop is done or broken off. */
      readonly whenEmpty: number;
      readonly end: number;
    }
  | { readonly op: "next"; readonly to: number }
  | { readonly op: "break" }
  | { readonly op: "assign"; readonly name: string; readonly value: Expression }
  | { readonly op: "capture"; readonly name: string }
  | { readonly op: "capture-end" }
  /** A link with a fixed address; `text` is the address as the source spells it (with HTML entities). */
  | { readonly op: "link"; readonly number: number; readonly text: string }
  /** A link whose address is made by the steps up to `link-end`. */
  | { readonly op: "link-begin"; readonly number: number; readonly part: "html" | "plain" }
  | { readonly op: "link-end" }
  | { readonly op: "beacon" };

export type Program = readonly Op[];

const index = z.int().min(0);

export const Expression: z.ZodType<Expression> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("literal"),
      value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
    }),
    z.object({ kind: z.literal("empty") }),
    z.object({ kind: z.literal("blank") }),
    z.object({
      kind: z.literal("path"),
      root: z.string(),
      keys: z.array(z.union([z.string(), z.number(), Expression])),
    }),
    z.object({ kind: z.literal("truth"), value: Expression }),
    z.object({ kind: z.literal("range"), from: Expression, to: Expression }),
    z.object({
      kind: z.literal("binary"),
      operator: z.enum(binaryOperators),
      left: Expression,
      right: Expression,
    }),
    z.object({ kind: z.literal("filter"), name: z.string(), input: Expression, args: z.array(Expression) }),
  ]),
);

export const Op: z.ZodType<Op> = z.discriminatedUnion("op", [
  z.object({ op: z.literal("text"), text: z.string() }),
  z.object({ op: z.literal("out"), value: Expression, as: z.enum(contexts), line: index, column: index }),
  z.object({ op: z.literal("jump"), to: index }),
  z.object({ op: z.literal("unless"), value: Expression, to: index }),
  z.object({
    op: z.literal("for"),
    name: z.string(),
    list: Expression,
    limit: Expression.nullable(),
    offset: Expression.nullable(),
    reversed: z.boolean(),
    whenEmpty: index,
    end: index,
  }),
  z.object({ op: z.literal("next"), to: index }),
  z.object({ op: z.literal("break") }),
  z.object({ op: z.literal("assign"), name: z.string(), value: Expression }),
  z.object({ op: z.literal("capture"), name: z.string() }),
  z.object({ op: z.literal("capture-end") }),
  z.object({ op: z.literal("link"), number: index, text: z.string() }),
  z.object({ op: z.literal("link-begin"), number: index, part: z.enum(["html", "plain"]) }),
  z.object({ op: z.literal("link-end") }),
  z.object({ op: z.literal("beacon") }),
]);

export const Program: z.ZodType<Program> = z.array(Op);
