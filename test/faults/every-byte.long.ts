import { test } from "vitest";
import type { Cut } from "#test/hostile-sink.ts";
import { playCuts } from "./play-cuts.ts";

/** More than one message has; a cut behind it falls into the next one. */
const most = 8000;
const parts = Array.from({ length: 8 }, (_, n) => [(n * most) / 8, ((n + 1) * most) / 8] as const);

test.each(parts)(
  "[D10] F-15: cut after every single byte from the client, from %i to %i, by FIN and by RST, nothing is lost, doubled or wrongly believed",
  async (from, to) => {
    const bytes = Array.from({ length: to - from }, (_, n) => from + n + 1);
    await playCuts(
      (["fin", "rst"] as const).flatMap((how) =>
        bytes.map((clientBytes): Cut => ({ after: { clientBytes }, how })),
      ),
      600_000,
    );
  },
  15 * 60_000,
);
