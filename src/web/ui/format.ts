/** Numbers, sizes and times as a person reads them, in the browser's language and zone unless told otherwise. */
export type Reader = { readonly locale?: string; readonly timeZone?: string };

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** 1234567 → "1,234,567". */
export function formatNumber(value: number, { locale }: Reader = {}): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** A share of 0..1 → "41.3 %"; an undefined share (nothing to divide by) is a dash, never 0. */
export function formatShare(share: number | undefined | null, { locale }: Reader = {}): string {
  if (share === undefined || share === null || !Number.isFinite(share)) return "–";
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(share);
}

/** Bytes in powers of 1,000: 1536000 → "1.5 MB". */
export function formatBytes(sizeBytes: number, { locale }: Reader = {}): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, sizeBytes)) / 3)));
  const value = sizeBytes / 1000 ** power;
  const digits = power === 0 || value >= 100 ? 0 : 1;
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value)} ${units[power]}`;
}

/** Seconds as "45 s", "3 min", "2 h 5 min", "4 d 3 h": two units at most. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < minute) return `${whole} s`;
  if (whole < hour) return `${Math.round(whole / minute)} min`;
  const [big, small, bigName, smallName] = whole < day ? [hour, minute, "h", "min"] : [day, hour, "d", "h"];
  const first = Math.floor(whole / Number(big));
  const second = Math.floor((whole % Number(big)) / Number(small));
  return second > 0 ? `${first} ${bigName} ${second} ${smallName}` : `${first} ${bigName}`;
}

/** "23 Nov 2026, 15:04". */
export function formatDateTime(at: string | number | Date, { locale, timeZone }: Reader = {}): string {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "short",
    ...(timeZone ? { timeZone } : {}),
  }).format(new Date(at));
}

/** "23 Nov 2026". */
export function formatDate(at: string | number | Date, { locale, timeZone }: Reader = {}): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", ...(timeZone ? { timeZone } : {}) }).format(
    new Date(at),
  );
}

/** "15:04:09": for "as of". */
export function formatClock(at: string | number | Date, { locale, timeZone }: Reader = {}): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: "medium", ...(timeZone ? { timeZone } : {}) }).format(
    new Date(at),
  );
}

/** "3 minutes ago", "in 2 days"; beyond 30 days the date itself. */
export function formatRelative(at: string | number | Date, now: number, reader: Reader = {}): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  const distance = Math.abs(seconds);
  if (distance > 30 * day) return formatDate(at, reader);
  const words = new Intl.RelativeTimeFormat(reader.locale, { numeric: "auto" });
  if (distance < 45) return words.format(0, "second");
  if (distance < 45 * minute) return words.format(Math.round(seconds / minute), "minute");
  if (distance < 22 * hour) return words.format(Math.round(seconds / hour), "hour");
  return words.format(Math.round(seconds / day), "day");
}

/** "1 contact", "2 contacts", "1,204 contacts". */
export function formatCount(count: number, one: string, many = `${one}s`, reader: Reader = {}): string {
  return `${formatNumber(count, reader)} ${count === 1 ? one : many}`;
}
