import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Puts a .br and a .gz beside each built script and style, so that the server never compresses while it serves. Brotli at 6
 * takes 0.6 s for all of them; 11 saves another 8 % and takes 19 s, which the first start would wait for.
 */
function compressOnce(directory: string): Plugin {
  const brotli = promisify(brotliCompress);
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } };
  return {
    name: "compress-once",
    apply: "build",
    async closeBundle() {
      const names = (await readdir(directory)).filter((name) => /\.(js|css)$/.test(name));
      for (const name of names) {
        const path = join(directory, name);
        const bytes = await readFile(path);
        await writeFile(`${path}.br`, await brotli(bytes, options));
        await writeFile(`${path}.gz`, await promisify(gzip)(bytes));
      }
    },
  };
}

/**
 * Builds the app to dist/web, which the web role serves. `#core/…` and `#contract/…` come from package.json
 * `imports`, as on the server. While developing, `/api` goes to a running server (POSTROAD_URL).
 */
export default defineConfig({
  root: here("."),
  plugins: [react(), compressOnce(here("../../dist/web/assets"))],
  resolve: { alias: { "@postroad/sdk": here("../../sdk/src/index.ts") } },
  server: { proxy: { "/api": process.env.POSTROAD_URL ?? "http://127.0.0.1:3000" } },
  build: {
    outDir: here("../../dist/web"),
    emptyOutDir: true,
    target: ["chrome120", "firefox121", "safari17.4"],
    // The server answers with script-src 'self': nothing may be inlined as a data: URL.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: "first", test: /zod-without-eval/ }] } },
    },
  },
});
