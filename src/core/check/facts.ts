import type { MessageAnalysis } from "../messages/compile-message.ts";
import type { MessageSource } from "../messages/message-source.ts";

/** Everything that the rules may look at. Gathered by the caller, because rules ask no one. */
export type MessageFacts = {
  readonly source: MessageSource;
  /** What `analyseMessage` said about the source. */
  readonly analysis: MessageAnalysis;
  /** The content settings that the message would be sent with; null: there are none. */
  readonly contentSettings: {
    readonly name: string;
    readonly postalAddress: string;
    readonly fromName: string;
    readonly fromAddress: string;
    readonly replyTo: string;
  } | null;
  /** Domains that mail may be sent from; null: any, as with the test mailbox. */
  readonly permittedDomains: readonly string[] | null;
  /** The largest message in bytes that any route takes; null: not known, or no limit. */
  readonly largestMessage: number | null;
  /** For how many of the contacts looked at the subject comes out empty. */
  readonly emptySubjectCount: number;
  /** Of the fields used without a default: how many of the contacts looked at have none. */
  readonly fieldGaps: readonly {
    readonly path: string;
    readonly emptyCount: number;
    readonly total: number;
  }[];
  readonly references: {
    /** What the message refers to inside the product and what is not there. `spelling` is how the source writes it. */
    readonly missing: readonly {
      readonly kind: "image" | "form" | "event" | "content-block";
      readonly id: string;
      readonly spelling: string;
    }[];
  };
  /** What the last look into DNS found wrong with the sending domain, in words; null: nobody looked, or it is not known. */
  readonly senderDomain: { readonly domain: string; readonly faults: readonly string[] } | null;
};
