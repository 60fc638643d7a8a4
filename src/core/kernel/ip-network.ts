/** An IP address as a number; `size` is 32 or 128 bits. */
export type Ip = { readonly size: 32 | 128; readonly bits: bigint };

/** Reads an IPv4 or IPv6 address; undefined if it is none. */
export function readIp(text: string): Ip | undefined {
  return readIpv4(text) ?? readIpv6(text);
}

function readIpv4(text: string): Ip | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return { size: 32, bits: parts.reduce((bits, part) => bits * 256n + BigInt(part), 0n) };
}

function readIpv6(text: string): Ip | undefined {
  if (!/^[0-9a-f:.]+$/i.test(text) || !text.includes(":")) return undefined;
  const tail = text.slice(text.lastIndexOf(":") + 1);
  const embedded = readIpv4(tail);
  const hex = embedded
    ? `${text.slice(0, -tail.length)}${(embedded.bits >> 16n).toString(16)}:${(embedded.bits & 0xffffn).toString(16)}`
    : text;
  const halves = hex.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], rest = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - rest.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => "0"), ...rest];
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return { size: 128, bits: groups.reduce((bits, group) => bits * 65_536n + BigInt(`0x${group}`), 0n) };
}

/** A block of addresses: those whose first `prefix` bits are these. */
export type Network = Ip & { readonly prefix: number };

/** Reads a block in CIDR notation, or a single address as a block of one; undefined if it is neither. */
export function readNetwork(text: string): Network | undefined {
  const [, address = "", prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const ip = readIp(address);
  if (!ip) return undefined;
  const length = prefix === undefined ? ip.size : Number(prefix);
  return length <= ip.size ? { ...ip, prefix: length } : undefined;
}

export function holds(network: Network, ip: Ip): boolean {
  const shift = BigInt(network.size - network.prefix);
  return network.size === ip.size && network.bits >> shift === ip.bits >> shift;
}

/** Addresses that the internet does not know: loopback, private and link-local ones. */
const inner = [
  "127.0.0.0/8",
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "169.254.0.0/16",
  "::1/128",
  "fc00::/7",
  "fe80::/10",
];

export function isInner(ip: Ip): boolean {
  return inner.some((block) => {
    const network = readNetwork(block);
    return network !== undefined && holds(network, ip);
  });
}

/** The name under which DNS says what an address is called. */
export function reverseName({ size, bits }: Ip): string {
  const digits =
    size === 32
      ? [0n, 8n, 16n, 24n].map((shift) => String((bits >> shift) & 255n))
      : Array.from({ length: 32 }, (_, place) => ((bits >> BigInt(place * 4)) & 15n).toString(16));
  return `${digits.join(".")}.${size === 32 ? "in-addr" : "ip6"}.arpa`;
}
