import { holds, type Ip, type Network, readIp } from "../kernel/ip-network.ts";

/**
 * Whose request it is: the address it came from, or, while that is one of our own proxies, the address that this proxy
 * says it had it from (`X-Forwarded-For`, whose last entry the nearest proxy wrote). What stands before the first address that is
 * not ours could have been written by anybody, and is not looked at; nor is an entry that is no address.
 */
export function clientAddress(peer: string, forwardedFor: string, trusted: readonly Network[]): string {
  const entries = forwardedFor.split(",");
  let client = peer;
  while (isTrusted(client, trusted)) {
    const before = withoutPort((entries.pop() ?? "").trim());
    if (!readIp(before)) return client;
    client = before;
  }
  return client;
}

function isTrusted(address: string, trusted: readonly Network[]): boolean {
  const ip = readIp(address);
  return ip !== undefined && trusted.some((network) => holds(network, plain(ip)));
}

/** Some proxies write where the connection came from: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(entry: string): string {
  return /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1] ?? /^([\d.]+):\d+$/.exec(entry)?.[1] ?? entry;
}

/** An IPv4 address as a socket for both kinds says it (`::ffff:192.0.2.1`) is the IPv4 address. */
function plain(ip: Ip): Ip {
  return ip.size === 128 && ip.bits >> 32n === 0xffffn ? { size: 32, bits: ip.bits & 0xffff_ffffn } : ip;
}
