import { defineConfig } from "vitest/config";

const isLong = process.env.POSTROAD_LONG_FAULTS === "1";

/**
 * Lanes: `core` needs nothing, `server` needs a database (made by global set-up), `guards` read the tree,
 * `e2e` drives a real browser against the real product, `faults` kills processes for real.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "core",
          include: ["src/{core,contract,web}/**/*.test.ts", "sdk/**/*.test.ts"],
          pool: "threads",
          isolate: false,
          // Properties run hundreds of times; a busy machine may need more than the usual five seconds.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "server",
          include: ["src/{server,cli}/**/*.test.ts", "bench/**/*.test.ts"],
          globalSetup: ["test/support/database-setup.ts"],
          pool: "forks",
          maxWorkers: 2,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "guards",
          include: ["test/*.test.ts", "test/golden/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "faults",
          // What takes minutes is played by `npm run test:faults -- --long`.
          include: ["test/faults/**/*.test.ts", ...(isLong ? ["test/faults/**/*.long.ts"] : [])],
          globalSetup: ["test/support/database-setup.ts"],
          pool: "forks",
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.e2e.ts"],
          pool: "forks",
          fileParallelism: false,
          // A condition is waited for as long as a busy machine may need.
          expect: { poll: { timeout: 15_000 } },
          testTimeout: 300_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
