import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Builds the app to dist/web, which the web role serves. `#core/…` and `#contract/…` come from package.json
 * `imports`, as on the server. While developing, `/api` goes to a running server (POSTROAD_URL).
 */
export default defineConfig({
  root: here("."),
  plugins: [react()],
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
