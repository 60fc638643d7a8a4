/** A network of addresses in CIDR notation, read: the bytes of an IPv6 address (IPv4 as ::ffff:a.b.c.d) and how many bits count. */
type Network = { readonly bytes: Uint8Array; readonly bits: number; readonly text: string };

/** Says which network of a list an address is in, if any. */
export type NetworkFinder = (address: string) => string | undefined;

/**
 * Tidies one line of a list of networks: `192.0.2.0/24`, `2001:db8::/32`, or one address. Undefined if it is neither,
 * if bits are set behind the prefix, or if it would hold nearly the whole internet.
 */
export function readNetwork(text: string): string | undefined {
  return parseNetwork(text)?.text;
}

/** Makes the finder of a list that was read before; what is no network is left out. */
export function findInNetworks(list: readonly string[]): NetworkFinder {
  const networks = list.flatMap((text) => parseNetwork(text) ?? []);
  return (address) => {
    if (networks.length === 0) return undefined;
    const bytes = addressBytes(address);
    return bytes && networks.find((network) => holds(network, bytes))?.text;
  };
}

/** Wider than any operator's network. */
const widest = { v4: 8, v6: 16 };

function parseNetwork(line: string): Network | undefined {
  const text = line.trim().toLowerCase();
  const [address = "", prefix, ...rest] = text.split("/");
  const bytes = addressBytes(address);
  if (!bytes || rest.length > 0) return undefined;
  const isV4 = !address.includes(":");
  const most = isV4 ? 32 : 128;
  if (prefix !== undefined && !/^\d{1,3}$/.test(prefix)) return undefined;
  const length = prefix === undefined ? most : Number(prefix);
  if (length > most || length < (isV4 ? widest.v4 : widest.v6)) return undefined;
  const bits = isV4 ? length + 96 : length;
  const network = { bytes, bits, text: length === most ? address : `${address}/${length}` };
  return clearBehind(bytes, bits) ? network : undefined;
}

function holds({ bytes, bits }: Network, address: Uint8Array): boolean {
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (bytes[i] !== address[i]) return false;
  const mask = 0xff & (0xff << (8 - (bits & 7)));
  return (bits & 7) === 0 || (bytes[whole] ?? 0) === ((address[whole] ?? 0) & mask);
}

/** True if no bit is set behind the prefix: `192.0.2.1/24` is more likely a slip than a network. */
function clearBehind(bytes: Uint8Array, bits: number): boolean {
  for (let bit = bits; bit < 128; bit++) if ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) return false;
  return true;
}

/** The 16 bytes of an address; those of IPv4 behind ::ffff: as sockets say them. */
function addressBytes(text: string): Uint8Array | undefined {
  if (!text.includes(":")) {
    const last = v4Bytes(text);
    return last && Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...last]);
  }
  return v6Bytes(text.toLowerCase());
}

function v4Bytes(text: string): number[] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte < 256) ? bytes : undefined;
}

function v6Bytes(text: string): Uint8Array | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => groupsOf(half));
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const given = head.length + (tail?.length ?? 0);
  const missing = 16 - given;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return Uint8Array.from([...head, ...Array.from({ length: missing }, () => 0), ...(tail ?? [])]);
}

/** The bytes of groups of four hexadecimal digits with colons between them; the last two may be written as IPv4. */
function groupsOf(half: string): number[] | undefined {
  if (half === "") return [];
  const bytes: number[] = [];
  const groups = half.split(":");
  for (const [place, group] of groups.entries()) {
    const last = place === groups.length - 1 && group.includes(".") ? v4Bytes(group) : undefined;
    if (last) bytes.push(...last);
    else if (/^[0-9a-f]{1,4}$/.test(group)) bytes.push(parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff);
    else return undefined;
  }
  return bytes;
}
