import fc from "fast-check";
import { expect, test } from "vitest";
import { CountingConversation } from "./conversation.ts";
import { DeliveryIds } from "./delivery-ids.ts";

const message = (id: number, body: string) =>
  `From: a@bench.test\r\nMessage-ID: <${id}.k@mail.bench.test>\r\n\r\n${body}\r\n.\r\n`;
const envelope = "MAIL FROM:<a@bench.test>\r\nRCPT TO:<b@bench.test>\r\nDATA\r\n";

/** Lets a conversation take a stream cut at these places, and gives what it saw and said. */
function hold(stream: string, cuts: readonly number[]) {
  const seen: { id: number; bytes: number }[] = [];
  const conversation = new CountingConversation((id, bytes) => seen.push({ id, bytes }));
  const bytes = Buffer.from(stream, "latin1");
  const places = [
    0,
    ...[...new Set(cuts.map((cut) => cut % bytes.length))].toSorted((a, b) => a - b),
    bytes.length,
  ];
  let said = "";
  for (const [index, from] of places.slice(0, -1).entries())
    said += conversation.take(bytes.subarray(from, places[index + 1])).replies;
  return { seen, said };
}

test("however the stream is cut, each message is counted once with its id and size", () => {
  const bodies = ["Hello", "..dots\r\n..\r\nlines", ".\r", "x".repeat(3000)];
  const stream = bodies.map((body, n) => envelope + message(1024 + n, body)).join("");
  const expected = bodies.map((body, n) => ({ id: 1024 + n, bytes: message(1024 + n, body).length - 3 }));
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 40 }), (cuts) => {
      const { seen, said } = hold(stream, cuts);
      expect(seen).toEqual(expected);
      expect(said.match(/^\d{3}/gm)).toEqual(bodies.flatMap(() => ["250", "250", "354", "250"]));
    }),
  );
});

test("an empty message and one without a number are messages too", () => {
  const { seen } = hold(`${envelope}.\r\n${envelope}Subject: x\r\n\r\nNo number\r\n.\r\n`, []);
  expect(seen.map(({ id }) => id)).toEqual([Number.NaN, Number.NaN]);
});

test("ids are counted once each and summed up, however large they are", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 20_000_000 })), (given) => {
      const ids = new DeliveryIds();
      const isNew = given.map((id) => ids.add(id));
      const distinct = new Set(given);
      expect(isNew.filter(Boolean)).toHaveLength(distinct.size);
      expect(ids.distinct).toBe(distinct.size);
      expect(ids.sum).toBe([...distinct].reduce((sum, id) => sum + BigInt(id), 0n));
    }),
    { numRuns: 20 },
  );
});
