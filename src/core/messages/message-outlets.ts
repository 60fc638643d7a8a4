import { escapeHtml } from "../template/escape.ts";
import type { Outlets } from "../template/run-program.ts";
import { isCountable } from "./countable-address.ts";
import type { RecipientInput } from "./mailing-context.ts";

/** What is tracked, and whether a link that only machines follow is put in. */
type Tracks = { readonly clicks: boolean; readonly opens: boolean; readonly hiddenLink: boolean };

/** What links and the beacon become for one recipient after the other. */
export class MessageOutlets implements Outlets {
  recipient: RecipientInput | undefined = undefined;
  readonly #publicUrl: string;
  readonly #tracks: Tracks;

  constructor(publicUrl: string, tracks: Tracks) {
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
    const trap = this.#tracks.hiddenLink ? this.#hiddenLink() : "";
    if (!this.#tracks.opens || !this.recipient?.trackingConsent) return trap;
    const { read } = this.recipient.tokens;
    return `${trap}<img src="${this.#publicUrl}/o/${read}.gif" width="1" height="1" alt="" style="display:block;border:0">`;
  };

  /** [T54] Out of sight, of the tab order and of what screen readers say. */
  #hiddenLink(): string {
    const address = this.fixedLink(0, "");
    if (address === "") return "";
    return `<a href="${address}" rel="nofollow" tabindex="-1" aria-hidden="true" style="display:none;mso-hide:all"></a>`;
  }

  #tracked(): RecipientInput | undefined {
    return this.#tracks.clicks && this.recipient?.trackingConsent ? this.recipient : undefined;
  }
}
