import { Budget } from "../template/budget.ts";
import type { Bind, Frame } from "../template/evaluate.ts";
import { fromJson, type Value } from "../template/value.ts";
import type { FieldNeed } from "./contact-schema.ts";
import type { MailingContext, RecipientInput } from "./mailing-context.ts";
import { type OwnLink, ownLinks } from "./message-schema.ts";

/**
 * What templates see of one recipient. Made once per mailing and pointed at one recipient after the other; values are
 * read from their texts when first asked for.
 */
export class RecipientFrame implements Frame {
  readonly budget = new Budget();
  readonly locals: Frame["locals"] = [];
  readonly loops: Frame["loops"] = [];
  locale = "en";
  timeZone = "UTC";
  now = 0;
  /** The subject as this recipient reads it. */
  subject = "";
  readonly #needs: readonly FieldNeed[];
  readonly #publicUrl: string;
  readonly #values: (Value | undefined)[];
  #recipient: RecipientInput | undefined;

  constructor(needs: readonly FieldNeed[], publicUrl: string) {
    this.#needs = needs;
    this.#publicUrl = publicUrl;
    this.#values = new Array<Value | undefined>(needs.length).fill(undefined);
  }

  /** Turns to the next recipient. */
  point(recipient: RecipientInput): void {
    this.budget.reset();
    this.#values.fill(undefined);
    this.#recipient = recipient;
    this.locale = recipient.locale;
    this.timeZone = recipient.timeZone;
    this.now = recipient.date;
    this.subject = "";
  }

  readonly slot = (slot: number): Value => {
    if (slot < this.#needs.length) return this.#field(slot);
    const link = ownLinks[slot - this.#needs.length];
    return link === undefined ? this.subject : this.#ownLink(link);
  };

  #field(slot: number): Value {
    const known = this.#values[slot];
    if (known !== undefined) return known;
    const value = readField(this.#recipient?.fields[slot] ?? null, this.#needs[slot]);
    this.#values[slot] = value;
    return value;
  }

  #ownLink(link: OwnLink): string {
    const tokens = this.#recipient?.tokens;
    if (!tokens) return "";
    switch (link) {
      case "subscription_center":
        return `${this.#publicUrl}/p/${tokens.manage}`;
      case "unsubscribe":
        return `${this.#publicUrl}/u/${tokens.manage}`;
      case "forward":
        return `${this.#publicUrl}/f/${tokens.forward}`;
      case "view_in_browser":
        return `${this.#publicUrl}/v/${tokens.read}`;
    }
  }
}

/** Binds the names of a message: settings and the journey are the same for all, the rest are slots of the frame. */
export function bindMessage(needs: readonly FieldNeed[], messageName: string, mailing: MailingContext): Bind {
  const slots = new Map(needs.map((need, slot) => [need.path[0] ?? "", slot]));
  const settings = new Map(Object.entries(mailing.settings));
  return (root, keys) => {
    const [key] = keys;
    if (root === "now" || root === "today") return { constant: root, used: 0 };
    if (typeof key !== "string") return isRoot(root) ? { constant: null, used: keys.length } : undefined;
    switch (root) {
      case "contact": {
        const slot = slots.get(key);
        return slot === undefined ? { constant: null, used: keys.length } : { slot, used: 1 };
      }
      case "settings":
        return { constant: settings.get(key) ?? null, used: 1 };
      case "links": {
        const link = ownLinks.findIndex((name) => key === name);
        return link < 0
          ? { constant: null, used: keys.length }
          : { slot: needs.length + link, used: 1, isSteady: true };
      }
      case "message":
        if (key === "subject") return { slot: needs.length + ownLinks.length, used: 1 };
        return { constant: key === "name" ? messageName : null, used: 1 };
      case "journey":
        return { constant: key === "name" ? mailing.journeyName : null, used: 1 };
      default:
        return undefined;
    }
  };
}

function isRoot(root: string): boolean {
  return ["contact", "settings", "links", "message", "journey"].includes(root);
}

function readField(text: string | null, need: FieldNeed | undefined): Value {
  if (text === null || need === undefined) return null;
  switch (need.type) {
    case "number": {
      const number = Number(text);
      return text.trim() === "" || Number.isNaN(number) ? null : number;
    }
    case "boolean":
      return text === "true" || text === "t";
    case "choices":
    case "list":
      return readJson(text);
    default:
      return text;
  }
}

function readJson(text: string): Value {
  try {
    return fromJson(JSON.parse(text));
  } catch {
    return null;
  }
}
