/** Encodes one label of a domain after RFC 3492, without the `xn--`; undefined if it cannot be encoded. */
export function punycode(label: string): string | undefined {
  const points = [...label].map((character) => character.codePointAt(0) ?? 0);
  let output = points
    .filter((point) => point < 128)
    .map((point) => String.fromCodePoint(point))
    .join("");
  const basic = output.length;
  let handled = basic;
  if (basic > 0) output += "-";
  let code = 128;
  let delta = 0;
  let bias = 72;
  while (handled < points.length) {
    const next = Math.min(...points.filter((point) => point >= code));
    delta += (next - code) * (handled + 1);
    if (delta > 0x7fffffff) return undefined;
    code = next;
    for (const point of points) {
      if (point < code) delta++;
      if (point !== code) continue;
      output += variableLength(delta, bias);
      bias = adapt(delta, handled + 1, handled === basic);
      delta = 0;
      handled++;
    }
    delta++;
    code++;
  }
  return output;
}

function variableLength(delta: number, bias: number): string {
  let rest = delta;
  let text = "";
  for (let k = 36; ; k += 36) {
    const threshold = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
    if (rest < threshold) return text + digit(rest);
    text += digit(threshold + ((rest - threshold) % (36 - threshold)));
    rest = Math.floor((rest - threshold) / (36 - threshold));
  }
}

function digit(value: number): string {
  return String.fromCharCode(value < 26 ? 97 + value : 22 + value);
}

function adapt(delta: number, points: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? 700 : 2));
  rest += Math.floor(rest / points);
  let k = 0;
  while (rest > 455) {
    rest = Math.floor(rest / 35);
    k += 36;
  }
  return k + Math.floor((36 * rest) / (rest + 38));
}
