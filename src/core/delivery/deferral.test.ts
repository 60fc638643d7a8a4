import { expect, test } from "vitest";
import { readDeferral } from "./deferral.ts";

const minutes = (count: number) => count * 60_000;

test.each([
  [421, "4.7.0", "421 4.7.0 Too many messages from your host, slow down", "rate", 0],
  [421, null, "421 Too many concurrent connections", "rate", 0],
  [450, "4.7.1", "450 4.7.1 Rate limit reached, try again later", "rate", 0],
  [451, "4.7.650", "451 4.7.650 The mail server has been deferred", "rate", 0],
  [421, "4.7.28", "421 4.7.28 Unusual traffic from your network", "rate", 0],
  [421, "4.7.0", "421 4.7.0 [TSS04] Messages temporarily deferred due to unexpected volume", "rate", 0],
  [450, "4.7.1", "450 4.7.1 You have exceeded your message rate", "rate", 0],
  [421, "4.7.0", "421 4.7.0 Try again later, closing connection", "other", 0],
  [452, "4.7.0", "452 4.7.0 Sending rate exceeded; please wait 90 seconds", "rate", 90_000],
  [450, "4.7.1", "450 4.7.1 Greylisted, try again in 300 seconds", "greylisted", minutes(5)],
  [451, "4.7.1", "451 4.7.1 Greylisting in action, please come back in 00:12:30", "greylisted", 750_000],
  [450, "4.2.0", "450 4.2.0 Recipient address rejected: Greylisted", "greylisted", minutes(5)],
  [451, "4.7.1", "451 4.7.1 Please try again later", "greylisted", minutes(5)],
  [451, null, "451 you are graylisted, come back in 1 minute", "greylisted", minutes(5)],
  // One mailbox that gets too much, a full one, and a conversation with too many recipients say nothing about the domain.
  [450, "4.2.1", "450 4.2.1 This user is receiving mail at a rate that is too fast", "other", 0],
  [452, "4.2.2", "452 4.2.2 Mailbox full", "other", 0],
  [452, "4.3.4", "452 4.3.4 Message exceeded the size limit", "other", 0],
  [452, "4.5.3", "452 4.5.3 Too many recipients", "other", 0],
  [454, "4.7.0", "454 4.7.0 Throttling failure", "other", 0],
  [451, "4.3.0", "451 4.3.0 Local error, retry in 2 hours", "other", minutes(120)],
  [421, "4.3.2", "421 4.3.2 Shutting down", "other", 0],
  // Believed within bounds.
  [450, null, "450 try again in 1 second", "other", 10_000],
  [450, null, "450 retry after 99 hours", "other", minutes(240)],
])("[D110] %s %s %j is about %s and waits %s ms", (code, enhanced, text, about, waitMilliseconds) => {
  expect(readDeferral(code, enhanced, text)).toEqual({ about, waitMilliseconds });
});
