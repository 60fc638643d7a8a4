import { setTimeout as pause } from "node:timers/promises";
import {
  type EmbeddedPostgres,
  isEmbeddedPostgresAlive,
  startEmbeddedPostgres,
} from "../server/platform/embedded-postgres/index.ts";
import type { Config } from "../server/platform/index.ts";
import { postgresDirectory } from "../server/platform/provide-database.ts";
import type { Screen } from "./screen.ts";

export type KeptPostgres = Pick<EmbeddedPostgres, "url" | "isAdopted" | "stop">;

const lookEveryMs = 1000;

/** Runs the embedded PostgreSQL and starts it again, on the same port, if it dies; connections mend themselves. */
export async function keepPostgres(config: Config, screen: Screen): Promise<KeptPostgres> {
  const directory = postgresDirectory(config.dataDirectory);
  let server = await startEmbeddedPostgres({ directory });
  const { url, port, isAdopted } = server;
  const stopping = new AbortController();

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await pause(lookEveryMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
      if (stopping.signal.aborted || isEmbeddedPostgresAlive(directory)) continue;
      screen.say("The database stopped by itself; starting it again.");
      try {
        server = await startEmbeddedPostgres({ directory, port });
      } catch (error) {
        screen.say(`The database does not start: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  const watching = watch();
  return {
    url,
    isAdopted,
    async stop() {
      stopping.abort();
      await watching;
      await server.stop();
    },
  };
}
