import { escapeHtml } from "../template/escape.ts";
import type { Outlets } from "../template/run-program.ts";
import { isCountable } from "./countable-address.ts";
import type { RecipientInput } from "./mailing-context.ts";

/** What links and the beacon become for one recipient after the other. */
export class MessageOutlets implements Outlets {
  recipient: RecipientInput | undefined = undefined;
  readonly #publicUrl: string;
  readonly #tracks: { readonly clicks: boolean; readonly opens: boolean };

  constructor(publicUrl: string, tracks: { readonly clicks: boolean; readonly opens: boolean }) {
    this.#publicUrl = publicUrl;
    this.#tracks = tracks;
  }

  readonly fixedLink = (number: number, text: string): string => {
    const recipient = this.#tracked();
    return recipient ? `${this.#publicUrl}/c/${recipient.tokens.read}/${number}` : text;
  };

  readonly link = (number: number, url: string, part: "html" | "plain"): string => {
    const address = url.trim();
    const recipient = isCountable(address) ? this.#tracked() : undefined;
    if (recipient)
      return `${this.#publicUrl}/c/${recipient.tokens.read}/${number}/${recipient.signUrl(address)}`;
    return part === "html" ? escapeHtml(address) : address;
  };

  readonly beacon = (): string => {
    if (!this.#tracks.opens || !this.recipient?.trackingConsent) return "";
    const { read } = this.recipient.tokens;
    return `<img src="${this.#publicUrl}/o/${read}.gif" width="1" height="1" alt="" style="display:block;border:0">`;
  };

  #tracked(): RecipientInput | undefined {
    return this.#tracks.clicks && this.recipient?.trackingConsent ? this.recipient : undefined;
  }
}
