/** How long each step may take, in milliseconds. The defaults are the minima of RFC 5321, section 4.5.3.2. */
export type Timeouts = {
  readonly connect: number;
  readonly greeting: number;
  /** EHLO, STARTTLS, AUTH, MAIL and RCPT each. */
  readonly command: number;
  readonly data: number;
  /** Until the system has taken over the content. */
  readonly content: number;
  /** [D11] Giving up here too early is the classic source of duplicates (RFC 1047). */
  readonly dot: number;
  readonly quit: number;
};

const second = 1000;
const minute = 60 * second;

export const standardTimeouts: Timeouts = {
  connect: 30 * second,
  greeting: 5 * minute,
  command: 5 * minute,
  data: 2 * minute,
  content: 3 * minute,
  dot: 10 * minute,
  quit: 2 * second,
};
