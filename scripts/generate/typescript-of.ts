import { z } from "zod";

/** The part of JSON Schema that zod writes and TypeScript can say. */
const JsonSchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  prefixItems: z.array(z.unknown()).optional(),
  $ref: z.string().optional(),
  $defs: z.record(z.string(), z.unknown()).optional(),
});
type JsonSchema = z.infer<typeof JsonSchema>;

const key = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
const pascal = (name: string) =>
  name.replace(/(^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());

/** Writes a JSON schema as exported TypeScript types; recursive pieces get types of their own named after the first. */
export function typesOf(name: string, schema: unknown): string {
  const root = JsonSchema.parse(schema);
  const refName = (ref: string) => (ref === "#" ? name : `${name}${pascal(ref.replace(/^#\/\$defs\//, ""))}`);
  const pieces = Object.entries(root.$defs ?? {}).map(
    ([of, piece]) => `export type ${refName(`#/$defs/${of}`)} = ${typeOf(piece, refName)};\n`,
  );
  return `${pieces.join("")}export type ${name} = ${typeOf(root, refName)};\n`;
}

function typeOf(schema: unknown, refName: (ref: string) => string): string {
  if (schema === true) return "unknown";
  if (schema === false) return "never";
  const of = JsonSchema.parse(schema);
  const all = (parts: readonly unknown[], sign: string) =>
    [...new Set(parts.map((part) => typeOf(part, refName)))].map((type) => `(${type})`).join(sign);
  if (of.$ref !== undefined) return refName(of.$ref);
  if ("const" in of) return JSON.stringify(of.const);
  if (of.enum) return of.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (of.anyOf) return all(of.anyOf, " | ");
  if (of.oneOf) return all(of.oneOf, " | ");
  if (of.allOf) return all(of.allOf, " & ");
  if (Array.isArray(of.type)) return of.type.map((type) => simpleType({ ...of, type }, refName)).join(" | ");
  return simpleType(of, refName);
}

function simpleType(of: JsonSchema, refName: (ref: string) => string): string {
  switch (of.type) {
    case "string":
    case "number":
    case "boolean":
    case "null":
      return of.type;
    case "integer":
      return "number";
    case "array":
      if (of.prefixItems)
        return `readonly [${of.prefixItems.map((item) => typeOf(item, refName)).join(", ")}]`;
      return `readonly (${of.items === undefined ? "unknown" : typeOf(of.items, refName)})[]`;
    case "object":
      return objectType(of, refName);
    default:
      return "unknown";
  }
}

function objectType(of: JsonSchema, refName: (ref: string) => string): string {
  const required = new Set(of.required ?? []);
  const fields = Object.entries(of.properties ?? {}).map(([name, property]) => {
    const type = typeOf(property, refName);
    return `readonly ${key(name)}${required.has(name) ? "" : "?"}: ${type}${required.has(name) ? "" : " | undefined"}`;
  });
  const rest = of.additionalProperties;
  if (fields.length === 0)
    return `{ readonly [key: string]: ${rest === undefined || rest === false ? (rest === false ? "never" : "unknown") : typeOf(rest, refName)} }`;
  return `{ ${fields.join("; ")} }`;
}
