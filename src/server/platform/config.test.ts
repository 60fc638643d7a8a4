import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

test("[T43] trusted proxies are addresses and networks; anything else is refused in words", () => {
  expect(readConfig({}).trustedProxies).toEqual([]);
  expect(readConfig({ POSTROAD_TRUSTED_PROXIES: "10.0.0.0/8 ::1,127.0.0.1" }).trustedProxies).toHaveLength(3);
  expect(() => readConfig({ POSTROAD_TRUSTED_PROXIES: "10.0.0.0/8 proxy.example" })).toThrow(
    "proxy.example is no address and no network such as 10.0.0.0/8.",
  );
});
