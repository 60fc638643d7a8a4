import pino from "pino";
import type { Config } from "./config.ts";

export type Log = pino.Logger;

/** Structured logs on standard error. Addresses, tokens and secrets are cut out wherever they would appear. */
export function createLog(level: Config["logLevel"]): Log {
  return pino(
    {
      level,
      base: null,
      redact: {
        paths: [
          "password",
          "*.password",
          "token",
          "*.token",
          "email",
          "*.email",
          "address",
          "*.address",
          "req.headers",
        ],
        censor: "[cut]",
      },
    },
    pino.destination({ dest: 2, sync: false }),
  );
}
