import type { FaultRow } from "./fault-row.ts";
import { faultsOfData } from "./faults-of-data.ts";
import { faultsOfPages } from "./faults-of-pages.ts";
import { faultsOfSending } from "./faults-of-sending.ts";

/** Everything that is expected to go wrong; a guard test holds it against the titles of the tests. */
export const faultMatrix: readonly FaultRow[] = [...faultsOfSending, ...faultsOfData, ...faultsOfPages];
