import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readNetwork } from "../kernel/ip-network.ts";
import { clientAddress } from "./client-address.ts";

const networks = (...blocks: string[]) => blocks.flatMap((block) => readNetwork(block) ?? []);
const ours = networks("10.0.0.0/8", "2001:db8:1::/48");

describe("[T43] the address of a client", () => {
  test.each([
    ["without proxies of ours", "203.0.113.9", "198.51.100.7", "203.0.113.9"],
    ["behind one of our proxies", "10.1.2.3", "198.51.100.7", "198.51.100.7"],
    ["behind two of them", "10.1.2.3", "198.51.100.7, 10.9.9.9", "198.51.100.7"],
    [
      "behind a proxy of its own, whose word is not taken",
      "10.1.2.3",
      "192.0.2.1, 198.51.100.7",
      "198.51.100.7",
    ],
    ["that wrote entries of its own", "10.1.2.3", "127.0.0.1, 10.0.0.1, 198.51.100.7", "198.51.100.7"],
    ["inside, among our proxies", "10.1.2.3", "10.0.0.7", "10.0.0.7"],
    ["that no proxy named", "10.1.2.3", "", "10.1.2.3"],
    ["behind a proxy that writes what is no address", "10.1.2.3", "198.51.100.7, unknown", "10.1.2.3"],
    ["with empty entries", "10.1.2.3", "198.51.100.7,,", "10.1.2.3"],
    ["with a port", "10.1.2.3", "198.51.100.7:4711", "198.51.100.7"],
    ["of version 6 with a port", "2001:db8:1::5", "[2001:db8:2::1]:4711", "2001:db8:2::1"],
    ["of version 6, bare", "2001:db8:1::5", "2001:db8:2::1", "2001:db8:2::1"],
    [
      "whose proxy is reached by a socket for both versions",
      "::ffff:10.1.2.3",
      "198.51.100.7",
      "198.51.100.7",
    ],
    ["with markup for an address", "10.1.2.3", "<b>, 198.51.100.7", "198.51.100.7"],
  ])("%s", (_, peer, forwardedFor, client) => {
    expect(clientAddress(peer, forwardedFor, ours)).toBe(client);
  });

  test("is never what a client wrote, whatever that is", () => {
    const anything = fc.oneof(
      fc.string(),
      fc.ipV4(),
      fc.ipV6(),
      fc.constantFrom("10.0.0.1", "::1", "unknown"),
    );
    fc.assert(
      fc.property(fc.array(anything), (written) => {
        // The proxy appends whom it was called by to whatever it was given.
        const header = [...written, "198.51.100.7"].join(", ");
        expect(clientAddress("10.1.2.3", header, ours)).toBe("198.51.100.7");
        expect(clientAddress("203.0.113.9", header, ours)).toBe("203.0.113.9");
      }),
    );
  });

  test.each([
    "10.0.0.0/33",
    "10.0.0/8",
    "::/129",
    "proxy.example",
    "",
    "10.0.0.0/",
    "10.0.0.0/-1",
    "1.2.3.4/8/8",
  ])("%j is no network", (text) => expect(readNetwork(text)).toBeUndefined());
});
