import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";

const summary = z.object({
  id: z.number(),
  receivedAt: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  size: z.number(),
});
const list = z.object({ total: z.number(), messages: z.array(summary) });
const message = summary.extend({
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  html: z.string().optional(),
  text: z.string().optional(),
  source: z.string(),
});

export type ReceivedMail = z.infer<typeof message>;

/** Asks a running test mailbox what it received. `address` is that of its pages. */
export function mailboxAt(address: string) {
  const ask = async (path: string): Promise<unknown> => (await fetch(new URL(path, address))).json();
  const find = async (search: { to?: string; q?: string; limit?: number } = {}) => {
    const words = Object.entries(search).map(([key, value]) => [key, String(value)]);
    return list.parse(await ask(`/api/messages?${new URLSearchParams(words)}`));
  };
  return {
    find,
    read: async (id: number): Promise<ReceivedMail> => message.parse(await ask(`/api/messages/${id}`)),
    /** Waits until at least `count` messages match, and gives the newest of them in full. */
    async waitFor(search: { to?: string; q?: string }, count = 1, timeoutMs = 30_000): Promise<ReceivedMail> {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const found = await find({ ...search, limit: 1 });
        const [newest] = found.messages;
        if (newest && found.total >= count) return message.parse(await ask(`/api/messages/${newest.id}`));
        if (performance.now() > deadline)
          throw new Error(`${found.total} of ${count} messages arrived for ${JSON.stringify(search)}`);
        await pause(50);
      }
    },
  };
}
