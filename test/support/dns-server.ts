import { createSocket } from "node:dgram";
import { once } from "node:events";

/** Records by "TYPE name": texts (a list of strings is one split TXT), "10 host" for MX, addresses, names. */
export type Zone = Record<string, readonly (string | readonly string[])[]>;

export type DnsServer = {
  /** ip:port, as resolvers are named. */
  readonly address: string;
  /** What it says; may be changed at any time. */
  readonly zone: Zone;
  /** While true it answers SERVFAIL to everything. */
  isBroken: boolean;
  readonly close: () => Promise<void>;
};

const types: Readonly<Record<number, string>> = { 1: "A", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA" };

/** A name server on this machine that knows only its zone: real packets for real resolvers (RFC 1035). */
export async function startDnsServer(zone: Zone): Promise<DnsServer> {
  const socket = createSocket("udp4");
  const server: DnsServer = {
    address: "",
    zone,
    isBroken: false,
    async close() {
      socket.close();
      await once(socket, "close");
    },
  };
  socket.on("message", (query, { port, address }) => {
    socket.send(answer(query, server), port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return Object.assign(server, { address: `127.0.0.1:${socket.address().port}` });
}

function answer(query: Buffer, { zone, isBroken }: DnsServer): Buffer {
  const { name, end } = readName(query, 12);
  const type = query.readUInt16BE(end);
  const key = `${types[type] ?? type} ${name.toLowerCase()}`;
  const records = isBroken ? [] : (zone[key] ?? []);
  const isKnown = Object.keys(zone).some((each) => each.endsWith(` ${name.toLowerCase()}`));
  const code = isBroken ? 2 : isKnown ? 0 : 3;
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  const answers = records.map((record) => {
    const data = encode(type, record);
    const head = Buffer.alloc(12);
    head.writeUInt16BE(0xc00c, 0);
    head.writeUInt16BE(type, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(data.length, 10);
    return Buffer.concat([head, data]);
  });
  return Buffer.concat([header, query.subarray(12, end + 4), ...answers]);
}

function readName(query: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let size = query[at] ?? 0; size > 0; size = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + size));
    at += size + 1;
  }
  return { name: labels.join("."), end: at + 1 };
}

function encode(type: number, record: string | readonly string[]): Buffer {
  if (type === 16) {
    const strings = typeof record === "string" ? (record.match(/.{1,255}/gs) ?? [""]) : record;
    return Buffer.concat(
      strings.flatMap((part) => [Buffer.from([part.length]), Buffer.from(part, "latin1")]),
    );
  }
  const text = String(record);
  if (type === 1) return Buffer.from(text.split(".").map(Number));
  if (type === 28)
    return Buffer.from(
      text.split(":").flatMap((group) => [Number(`0x${group}`) >> 8, Number(`0x${group}`) & 255]),
    );
  if (type === 12) return encodeName(text);
  const [preference = "", host = ""] = text.split(" ");
  return Buffer.concat([Buffer.from([0, Number(preference)]), encodeName(host)]);
}

function encodeName(name: string): Buffer {
  const labels = name.split(".").filter((label) => label !== "");
  return Buffer.concat([
    ...labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, "latin1")]),
    Buffer.from([0]),
  ]);
}
