/** Reads "7, 14, 30"; undefined if it is anything but whole numbers above zero. */
export function daysIn(text: string): readonly number[] | undefined {
  const days = text
    .split(/[,;\s]+/)
    .filter((part) => part !== "")
    .map((part) => (/^[1-9]\d{0,3}$/.test(part) ? Number(part) : undefined));
  const read = days.filter((day) => day !== undefined);
  return read.length > 0 && read.length === days.length ? read : undefined;
}
