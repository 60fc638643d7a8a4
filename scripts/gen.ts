import { writeFileSync } from "node:fs";
import { generatedFiles } from "./generate/index.ts";

const root = new URL("../", import.meta.url);
for (const { path, content } of generatedFiles()) {
  writeFileSync(new URL(path, root), content);
  console.log(`wrote ${path}`);
}
