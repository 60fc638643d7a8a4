/** What a server offered in its reply to EHLO (RFC 5321, section 4.1.1.1). */
export type Capabilities = {
  readonly pipelining: boolean;
  readonly startTls: boolean;
  readonly eightBitMime: boolean;
  readonly smtpUtf8: boolean;
  /** Whether SIZE was offered, and the largest message in bytes; 0 means that no limit was told (RFC 1870). */
  readonly size: number | null;
  /** Names of SASL mechanisms in upper case. */
  readonly auth: readonly string[];
};

export const noCapabilities: Capabilities = {
  pipelining: false,
  startTls: false,
  eightBitMime: false,
  smtpUtf8: false,
  size: null,
  auth: [],
};

/** Reads the lines of an EHLO reply. The first is a greeting; unknown keywords are skipped. */
export function readCapabilities(lines: readonly string[]): Capabilities {
  const offered = lines.slice(1).map((line) => line.trim().toUpperCase().split(/[ =]+/));
  const find = (keyword: string) => offered.find(([name]) => name === keyword);
  const size = find("SIZE");
  const limit = Number(size?.[1] ?? 0);
  return {
    pipelining: find("PIPELINING") !== undefined,
    startTls: find("STARTTLS") !== undefined,
    eightBitMime: find("8BITMIME") !== undefined,
    smtpUtf8: find("SMTPUTF8") !== undefined,
    size: size ? (Number.isSafeInteger(limit) && limit >= 0 ? limit : 0) : null,
    // Old servers write AUTH=LOGIN beside AUTH LOGIN; both spellings are read, each mechanism once.
    auth: [...new Set(offered.filter(([name]) => name === "AUTH").flatMap(([, ...names]) => names))],
  };
}
