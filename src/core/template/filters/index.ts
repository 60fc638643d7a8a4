import { dateFilters } from "./date-filter.ts";
import type { Filter, Filters } from "./filter.ts";
import { findingFilters } from "./finding-filters.ts";
import { listFilters } from "./list-filters.ts";
import { numberFilters } from "./number-filters.ts";
import { textFilters } from "./text-filters.ts";

const filters: ReadonlyMap<string, Filter> = new Map(
  [textFilters, numberFilters, listFilters, findingFilters, dateFilters].flatMap((group: Filters) =>
    Object.entries(group),
  ),
);

/** The filter of this name, if there is one. */
export function filterNamed(name: string): Filter | undefined {
  return filters.get(name);
}

/** All filters, for completion and for the hint on a misspelt one. */
export const filterNames: readonly string[] = [...filters.keys()].sort();
