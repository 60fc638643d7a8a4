export { type DkimKey, signMessage } from "./dkim.ts";
export { type DomainKeys, findDomainKeys } from "./domain-keys.ts";
export { findRoads, type Road } from "./find-roads.ts";
