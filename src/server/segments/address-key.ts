import { domainToASCII } from "node:url";
import { readAddress } from "#core/contacts/address.ts";

/** The key by which an address is found, or the text itself, which then is nobody's. */
export function addressKeyOf(address: string): string {
  const read = readAddress(address, domainToASCII);
  return read.ok ? read.value.key : address;
}
