/** [D23] How many messages may leave by a route; null: no limit. */
export type RouteLimits = { readonly perHour: number | null; readonly perDay: number | null };

/** What left in one minute, which began at `minute` (milliseconds). */
export type UsedMinute = { readonly minute: number; readonly sent: number };

/** Why a route rests and until when. */
export type RouteRest = {
  readonly until: number;
  readonly window: "hour" | "day";
  readonly used: number;
  readonly limit: number;
};

const minute = 60_000;
const windows = [
  ["hour", 60 * minute],
  ["day", 24 * 60 * minute],
] as const;

/** What mailings leave of a limit for transactional mail: a twentieth. */
const reserve = (limit: number) => Math.floor(limit / 20);

/**
 * [D23] How many of `wanted` messages may leave now, so that no stretch of an hour or a day has more than its limit. A minute
 * that is only partly in the window counts whole, so it is never too many. Where nothing may leave, the rest says until when.
 */
export function grantOf(
  limits: RouteLimits,
  used: readonly UsedMinute[],
  now: number,
  wanted: number,
  isTransactional: boolean,
): { readonly granted: number; readonly rest: RouteRest | null } {
  const states = windows.flatMap(([window, length]) => {
    const limit = window === "hour" ? limits.perHour : limits.perDay;
    if (limit === null) return [];
    const inside = used.filter((each) => each.minute + minute > now - length);
    const sum = inside.reduce((total, { sent }) => total + sent, 0);
    const mine = isTransactional ? limit : limit - reserve(limit);
    return [{ window, length, limit, inside, sum, left: Math.max(0, mine - sum), mine }];
  });
  const granted = Math.min(wanted, ...states.map(({ left }) => left));
  if (granted > 0 || wanted === 0) return { granted, rest: null };
  const rests = states
    .filter(({ left }) => left === 0)
    .map(({ window, length, limit, inside, sum, mine }) => ({
      window,
      limit,
      used: sum,
      until: freeAt(inside, length, sum - mine),
    }));
  return {
    granted: 0,
    rest: rests.reduce((last, rest) => (rest.until > last.until ? rest : last)),
  };
}

/** When so much has left the window that something fits again. */
function freeAt(inside: readonly UsedMinute[], length: number, surplus: number): number {
  let over = surplus;
  for (const each of [...inside].sort((one, other) => one.minute - other.minute)) {
    over -= each.sent;
    if (over < 0) return each.minute + minute + length;
  }
  return Math.max(0, ...inside.map((each) => each.minute + minute + length));
}
