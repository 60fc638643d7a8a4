import PostalMime from "postal-mime";

type Mailbox = { readonly name: string; readonly address: string };

/** A finished message taken apart, for a provider that builds another one from its parts. */
export type MessageParts = {
  readonly from: Mailbox;
  readonly to: Mailbox;
  readonly replyTo: Mailbox | undefined;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** All headers that have no field of their own, in their order, unfolded. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
};

/** What the fields say, and what is only true of our own bytes: their form and our signature over them. */
const spoken = new Set([
  "from",
  "to",
  "reply-to",
  "subject",
  "date",
  "dkim-signature",
  "mime-version",
  "content-type",
  "content-transfer-encoding",
]);

/** [S11] Takes a message of ours apart. Nothing of it is rendered again: what is handed over is what was made. */
export async function readParts(message: Uint8Array, envelopeTo: string): Promise<MessageParts> {
  const mail = await PostalMime.parse(message);
  const [reply] = mail.replyTo ?? [];
  return {
    from: mailbox(mail.from),
    // The envelope decides who gets it; the header adds the name.
    to: { name: mailbox(mail.to?.[0]).name, address: envelopeTo },
    replyTo: reply && mailbox(reply),
    subject: mail.subject ?? "",
    html: mail.html ?? "",
    text: mail.text ?? "",
    headers: headersOf(message).filter(({ name }) => !spoken.has(name.toLowerCase())),
  };
}

const mailbox = (
  given: { name?: string | undefined; address?: string | undefined } | undefined,
): Mailbox => ({
  name: given?.name ?? "",
  address: given?.address ?? "",
});

function headersOf(message: Uint8Array): { name: string; value: string }[] {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.length);
  const end = bytes.indexOf("\r\n\r\n");
  const lines = bytes
    .toString("utf8", 0, end)
    .replace(/\r\n(?=[ \t])/g, "")
    .split("\r\n");
  return lines.map((line) => {
    const colon = line.indexOf(":");
    return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() };
  });
}
