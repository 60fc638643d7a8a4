import { mkdtempSync, rmSync, statSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeContactsFile } from "../support/contacts-file.ts";
import { importFile } from "../support/import-file.ts";
import { startProduct } from "../support/product-process.ts";
import type { Report } from "../support/report.ts";

/** Uploads and imports a CSV through the API into a product that was started as a user starts it. */
export async function measureImport(args: readonly string[]): Promise<Report> {
  const { values } = parseArgs({
    args: [...args],
    options: { contacts: { type: "string", default: "1000000" } },
  });
  const contacts = Number(values.contacts);
  const load = loadavg()[0] ?? 0;
  const directory = mkdtempSync(join(tmpdir(), "postroad-import-"));
  const file = join(directory, "contacts.csv");
  await writeContactsFile(file, contacts);
  const product = await startProduct();
  try {
    await product.client.attributes.create({ body: { key: "plan", label: "Plan", type: "text" } });
    const idle = product.peakMegabytes();
    const { created, figures } = await importFile(product.client, file);
    return {
      title: "Importing a CSV",
      work:
        `${contacts.toLocaleString("en")} rows of 8 columns (${(statSync(file).size / 2 ** 20).toFixed(0)} MB), all of them new; ` +
        `load average at the start ${load.toFixed(1)}`,
      figures: [
        ...figures,
        {
          name: "largest memory of the product's process",
          value: product.peakMegabytes(),
          unit: "MB",
          note: "without PostgreSQL",
        },
        { name: "the same before the upload", value: idle, unit: "MB" },
      ],
      proofs: [{ fact: "each row made one contact", holds: created === contacts }],
    };
  } finally {
    await product.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
