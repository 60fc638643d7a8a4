import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { signUrl } from "#core/tracking/signed-text.ts";
import { mintTokens } from "#core/tracking/tokens.ts";
import { findEmbeddedPostgres } from "#server/platform/embedded-postgres/index.ts";
import { createLog, createSecrets, loadInstanceKey, openDatabase, sql } from "#server/platform/index.ts";
import { loadTrackingKeys, verifyTracking } from "#server/tracking/index.ts";
import { until } from "#test/mailing.ts";
import { aMailing, someContacts } from "#test/mailings.ts";
import { startProduct } from "#test/running-product.ts";

const browser =
  "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";
const people = 200;
const rounds = 3;

test("[T8] F-50: every hit that was answered is there exactly once, although the process is killed again and again", async () => {
  const data = mkdtempSync(join(tmpdir(), "postroad-killed-"));
  let product = await startProduct(data);
  const log = createLog("silent");
  const db = openDatabase(findEmbeddedPostgres(join(data, "postgres")) ?? "", log, 4);
  try {
    const secrets = createSecrets(loadInstanceKey(join(data, "instance.key")));
    const keys = await loadTrackingKeys({ db, secrets, log });
    const contactIds = await someContacts(
      db,
      Array.from({ length: people }, (_, number) => `c${number}@example.com`),
    );
    const { deliveryIds } = await aMailing(db, { contactIds, links: [{ number: 1, url: null }] });
    const answered = { open: 0, click: 0 };
    const hit = async (kind: "open" | "click", deliveryId: string) => {
      const { read } = mintTokens(deliveryId, keys.current(), keys.mac);
      const url = signUrl("https://shop.example.com/", deliveryId, keys.current(), keys.mac);
      const path = kind === "open" ? `/o/${read}.gif` : `/c/${read}/1/${url}`;
      const answer = await fetch(product.address + path, {
        redirect: "manual",
        headers: { "user-agent": browser },
      }).catch(() => undefined);
      if (answer) answered[kind] += 1;
    };
    for (let round = 0; round < rounds; round++) {
      const all = deliveryIds.flatMap((id) => [hit("open", id), hit("click", id)]);
      await until("some were answered", async () => answered.open > 20 * (round + 1));
      await product.kill();
      await Promise.all(all);
      product = await startProduct(data);
    }
    const counted = async (kind: string) =>
      Number(
        (
          await db.first<{ total: string }>(
            sql`select count(*) as total from interactions where kind = ${kind}`,
          )
        )?.total,
      );
    await until(
      "all is counted",
      async () => (await counted("open")) >= answered.open && (await counted("click")) >= answered.click,
    );
    // A hit may have reached the disk although its answer was cut off by the kill, but never the other way round.
    expect(await counted("open")).toBeLessThanOrEqual(rounds * people);
    expect(answered.open).toBeGreaterThan(60);
    const twice = await db.rows(sql`select hit_id from interactions group by hit_id having count(*) > 1`);
    expect(twice).toEqual([]);
    expect(await verifyTracking(db)).toEqual([]);
  } finally {
    await db.close();
    await product.stop();
    rmSync(data, { recursive: true, force: true });
  }
});
