import { createHash, type KeyObject, verify } from "node:crypto";

/**
 * A verifier of relaxed/relaxed signatures after RFC 6376, section 6.1.3, and RFC 8463, written without looking at the
 * signer: the verdict on each signature. The keys by selector stand for DNS.
 */
export function verifyDkim(message: string, publicKeys: Readonly<Record<string, KeyObject>>): boolean[] {
  const split = message.indexOf("\r\n\r\n");
  const fields = message.slice(0, split).split(/\r\n(?=\S)/);
  const relax = (field: string) => {
    const [, name = "", value = ""] = /^([^:]*):([\s\S]*)$/.exec(field) ?? [];
    return `${name.trim().toLowerCase()}:${value
      .replaceAll("\r\n", "")
      .replace(/[\t ]+/g, " ")
      .trim()}`;
  };
  const lines = message
    .slice(split + 4)
    .split("\r\n")
    .map((line) => line.replace(/[\t ]+/g, " ").replace(/ $/, ""));
  while (lines.at(-1) === "") lines.pop();
  const bodyHash = createHash("sha256")
    .update(Buffer.from(lines.map((line) => `${line}\r\n`).join(""), "latin1"))
    .digest("base64");
  return fields
    .filter((field) => /^dkim-signature:/i.test(field))
    .map((field) => {
      const tags = new Map(
        relax(field)
          .slice("dkim-signature:".length)
          .split(";")
          .map((tag) => {
            const [name = "", ...value] = tag.trim().split("=");
            return [name, value.join("=").replaceAll(" ", "")] as const;
          }),
      );
      const rest = fields.filter((other) => !/^dkim-signature:/i.test(other)).map(relax);
      const chosen = (tags.get("h") ?? "").split(":").flatMap((name) => {
        const index = rest.findLastIndex((other) => other.startsWith(`${name.toLowerCase()}:`));
        return index < 0 ? [] : rest.splice(index, 1);
      });
      const input = Buffer.from(
        `${chosen.map((each) => `${each}\r\n`).join("")}${relax(field.replace(/(;\s*b=)[\s\S]*$/, "$1"))}`,
        "latin1",
      );
      const key = publicKeys[tags.get("s") ?? ""];
      const signature = Buffer.from(tags.get("b") ?? "", "base64");
      const isRsa = tags.get("a") === "rsa-sha256";
      const data = isRsa ? input : createHash("sha256").update(input).digest();
      return (
        tags.get("bh") === bodyHash &&
        key !== undefined &&
        verify(isRsa ? "sha256" : null, data, key, signature)
      );
    });
}
