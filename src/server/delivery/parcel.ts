import type { SendingMailing } from "./sending-mailing.ts";
import type { BatchStamp, RecipientSnapshot } from "./snapshot.ts";

/** One attempt of one delivery on its way through this process, from its intent to its committed fate. */
export type Parcel = {
  readonly deliveryId: string;
  readonly contactId: string;
  readonly visitId: string;
  /** 1 for the first one. */
  readonly attempt: number;
  /** How often it was sent before although it may have arrived. */
  readonly doubts: number;
  readonly isRetry: boolean;
  readonly expiresAt: Date;
  readonly mailing: SendingMailing;
  readonly recipient: RecipientSnapshot;
  /** Normalised address: what a suppression is written for. */
  readonly addressKey: string;
  readonly stamp: BatchStamp;
  readonly holder: ParcelHolder;
};

/** Who gave a parcel on its way and wants to know what became of it: a chunk or a set of retries. */
export type ParcelHolder = {
  /** [D4], [D9] False once it was stopped or the lease may have run out: no final dot may be written any more. */
  readonly mayFinish: () => boolean;
  /** Its fate is committed. */
  readonly settled: (parcel: Parcel) => void;
  /** Surely not sent and nobody's fault: it is to be tried again by whoever comes next. */
  readonly returned: (parcel: Parcel) => void;
};
