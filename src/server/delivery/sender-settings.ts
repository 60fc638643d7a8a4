import type { Timeouts } from "../senders/index.ts";
import type { OptOutBarrier } from "./opt-out-barrier.ts";
import type { TokenKeys } from "./prepare-message.ts";

export type SenderSettings = {
  readonly keys: TokenKeys;
  /** [T40] Without one, the sender watches by itself from its start on. */
  readonly optOuts?: OptOutBarrier;
  readonly random?: () => number;
  readonly timeouts?: Timeouts;
  readonly pollMilliseconds?: number;
  /** How long connections may finish when the process is asked to stop. */
  readonly stopMilliseconds?: number;
};
