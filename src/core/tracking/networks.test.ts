import { BlockList } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findInNetworks, readNetwork } from "./networks.ts";

describe("[T52] a network", () => {
  test.each([
    ["192.0.2.0/24", "192.0.2.0/24"],
    [" 192.0.2.7 ", "192.0.2.7"],
    ["192.0.2.7/32", "192.0.2.7"],
    ["2001:DB8::/32", "2001:db8::/32"],
    ["2001:db8::1", "2001:db8::1"],
    ["::ffff:192.0.2.0/120", "::ffff:192.0.2.0/120"],
  ])("%s is read as %s", (text, read) => expect(readNetwork(text)).toBe(read));

  test.each([
    "",
    "example.com",
    "192.0.2.1/24",
    "192.0.2.0/33",
    "0.0.0.0/0",
    "10.0.0.0/7",
    "192.0.2/24",
    "192.0.02.0/24",
    "256.0.0.0/8",
    "2001:db8::/129",
    "::/0",
    "2001:db8:::1",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7::8",
    "2001:db8::/32/1",
    "192.0.2.0/",
    "fe80::1%eth0",
  ])("%j is none", (text) => expect(readNetwork(text)).toBeUndefined());

  test("holds the addresses that another implementation says it holds, also as sockets write IPv4", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
    const here = fc.constantFrom([7, 9] as const, [7, 8] as const);
    fc.assert(
      fc.property(here, octet, octet, group, fc.integer({ min: 16, max: 32 }), (start, c, d, last, bits) => {
        const v4 = `${start.join(".")}.${c}.${d}`;
        const v6 = `2001:db${start[1]}:${last}::${d}`;
        for (const [network, length, address, family] of [
          ["7.9.0.0", bits, v4, "ipv4"],
          ["7.9.128.0", Math.max(bits, 17), v4, "ipv4"],
          ["2001:db9::", bits + 16, v6, "ipv6"],
        ] as const) {
          const list = new BlockList();
          list.addSubnet(network, length, family);
          const find = findInNetworks([`${network}/${length}`]);
          expect(find(address) !== undefined).toBe(list.check(address, family));
          if (family === "ipv4") expect(find(`::ffff:${address}`)).toBe(find(address));
        }
      }),
      { numRuns: 500 },
    );
    expect(findInNetworks(["198.51.100.0/25", "2001:db8:7::/48"])("::ffff:198.51.100.127")).toBe(
      "198.51.100.0/25",
    );
    expect(findInNetworks(["198.51.100.0/25"])("198.51.100.128")).toBeUndefined();
    expect(findInNetworks(["2001:db8:7::/48"])("2001:db8:7:ffff::1")).toBe("2001:db8:7::/48");
    expect(findInNetworks(["2001:db8:7::/48"])("")).toBeUndefined();
  });
});
