/** Limits against using the form for spam. Counted by keyed hashes, so they hold after addresses are forgotten. */
export const forwardLimits = {
  /** Friends for one received copy, ever. */
  perDelivery: 5,
  /** Friends from one network address in a day. */
  perAddressOfSender: 20,
  /** Copies to one friend in a day, from anybody. */
  perFriend: 3,
  /** Friends in a day, in all. */
  perInstance: 2000,
} as const;

export type Friend = { readonly address: string; readonly name: string };

export type ForwardCounts = {
  readonly ofDelivery: number;
  readonly ofSender: number;
  readonly ofInstance: number;
};

/** How many more friends a form may reach now. */
export function friendsAllowed(counts: ForwardCounts): number {
  return Math.max(
    0,
    Math.min(
      forwardLimits.perDelivery - counts.ofDelivery,
      forwardLimits.perAddressOfSender - counts.ofSender,
      forwardLimits.perInstance - counts.ofInstance,
    ),
  );
}

/** The friends of a filled-in form: rows without an address are left out, names are cut to plain short text. */
export function readFriends(fields: Readonly<Record<string, string>>): Friend[] {
  const rows = Array.from({ length: forwardLimits.perDelivery }, (_, index) => ({
    address: (fields[`email_${index + 1}`] ?? "").trim(),
    name: plainName(fields[`name_${index + 1}`] ?? ""),
  }));
  return rows.filter(({ address }) => address !== "");
}

/** A name as it may stand in a To header: no line breaks, nothing that looks like an address or a link. */
function plainName(text: string): string {
  const name = text
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .trim()
    .slice(0, 60);
  return /[<>@]|:\/\/|www\./i.test(name) ? "" : name;
}
