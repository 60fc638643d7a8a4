import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteBuffer } from "../mime/byte-buffer.ts";
import { wireGate } from "../mime/wire-gate.ts";
import { compileMessage } from "./compile-message.ts";
import { createRenderer } from "./render-message.ts";
import { sampleAttributes, sampleMailing, sampleRecipient, sampleSource } from "./sample-message.ts";

function make() {
  const compiled = compileMessage(sampleSource, { attributes: sampleAttributes });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return {
    renderer: createRenderer(compiled.value, sampleMailing),
    recipient: sampleRecipient(compiled.value.fields, { email: "ana@example.org", first_name: "Ana" }),
  };
}

test("a look at what differs finds the same as a look at everything, wherever a byte is damaged", () => {
  const { renderer, recipient } = make();
  const out = new ByteBuffer();
  renderer.render(recipient, out);
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.nat(),
      fc.constantFrom(13, 10, 0, 46, 128, 255, 65),
      (name, place, byte) => {
        const made = renderer.render({ ...recipient, displayName: name, fields: [name, name, name] }, out);
        if (!made.ok) return;
        const { proven, ...bounds } = made.value;
        const ranges = proven?.bounds.slice(0, proven.length) ?? [];
        expect(wireGate(out.bytes, made.value)).toEqual([]);
        expect(wireGate(out.bytes, bounds)).toEqual([]);
        let at = place % (bounds.end - 2);
        for (let i = 0; i < ranges.length; i += 2) {
          // A proven run is a copy, so only its last bytes, where the next look begins, can be met here.
          if (at >= (ranges[i] ?? 0) && at < (ranges[i + 1] ?? 0)) at = (ranges[i + 1] ?? 0) - 1;
        }
        out.bytes[at] = byte;
        expect(wireGate(out.bytes, made.value)).toEqual(wireGate(out.bytes, bounds));
      },
    ),
    { numRuns: 400 },
  );
});

test("the first message of a renderer is looked at all through, and most others only where they differ", () => {
  const { renderer, recipient } = make();
  const out = new ByteBuffer();
  const looks = Array.from({ length: 130 }, () => {
    const made = renderer.render(recipient, out);
    return made.ok && made.value.proven === undefined;
  });
  expect(looks.flatMap((isWhole, i) => (isWhole ? [i] : []))).toEqual([0, 64, 128]);
});
