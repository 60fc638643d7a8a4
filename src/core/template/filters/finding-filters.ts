import { equals, isMap, isTrue, toText, type Value, type ValueList } from "../value.ts";
import type { Filter, Filters } from "./filter.ts";
import { asList, property } from "./list-filters.ts";

/**
 * Filters that look for items by a property: `items | where: "vip"` for those where it is true, `where: "city", "Bern"` for those
 * where it has a value. In a list of plain values the first argument is looked for in the value itself.
 */
function finding(pick: (items: ValueList, fits: (item: Value) => boolean) => Value): Filter {
  return {
    args: [1, 2],
    run: (input, [key = "", wanted], { budget }) => {
      const items = asList(input);
      budget.spend(1 + items.length);
      return pick(items, (item) => fitsOf(item, key, wanted));
    },
  };
}

function fitsOf(item: Value, key: Value, wanted: Value | undefined): boolean {
  if (!isMap(item))
    return (
      wanted === undefined && (typeof item === "string" ? item.includes(toText(key)) : equals(item, key))
    );
  const value = property(item, key);
  return wanted === undefined || wanted === null ? isTrue(value) : equals(value, wanted);
}

export const findingFilters: Filters = {
  where: finding((items, fits) => items.filter(fits)),
  reject: finding((items, fits) => items.filter((item) => !fits(item))),
  find: finding((items, fits) => items.find(fits) ?? null),
  find_index: finding((items, fits) => {
    const index = items.findIndex(fits);
    return index < 0 ? null : index;
  }),
  has: finding((items, fits) => items.some(fits)),
};
