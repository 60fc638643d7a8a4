import { writeFileSync } from "node:fs";
import { generatedFiles } from "./generate/index.ts";
import { generateSchema } from "./generate/schema.ts";

const root = new URL("../", import.meta.url);
const schema = { path: "db/schema.sql", content: await generateSchema() };
for (const { path, content } of [...generatedFiles(), schema]) {
  writeFileSync(new URL(path, root), content);
  console.log(`wrote ${path}`);
}
