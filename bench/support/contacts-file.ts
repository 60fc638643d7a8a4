import { once } from "node:events";
import { createWriteStream } from "node:fs";

const cities = ["New York", "Berlin", "São Paulo", "Osaka", "Lagos"];
const names = ["Ana", "Björn", "Chidi", "Dana", "Éva", "Farid", "Grace", "Haruki"];

/** Writes a CSV of contacts that is the same each time: 8 columns, one in five from New York, one in 100 without a name. */
export async function writeContactsFile(path: string, rows: number): Promise<void> {
  const file = createWriteStream(path);
  file.write("email,first_name,last_name,city,country,language,time_zone,plan\n");
  let held = "";
  for (let n = 0; n < rows; n++) {
    const name = n % 100 === 99 ? "" : names[n % names.length];
    held += `person${n}@example${n % 50}.test,${name},"Number, ${n}",${cities[n % cities.length]},US,en,America/New_York,${n % 3 === 0 ? "pro" : "free"}\n`;
    if (held.length > 1 << 20) {
      if (!file.write(held)) await once(file, "drain");
      held = "";
    }
  }
  file.end(held);
  await once(file, "finish");
}
