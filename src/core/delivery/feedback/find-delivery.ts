import { type Mac, readToken } from "../../tracking/tokens.ts";
import { headerOf, type ReceivedMail } from "./received-mail.ts";

/** An address of ours that mail comes back to: `b+` for bounces, `u+` for unsubscribing by mail, with a signed token. */
export type ReturnAddress = { readonly role: "bounce" | "unsubscribe"; readonly deliveryId: string };

const ownLocalPart = /^([bu])\+([a-z2-7]{40})$/i;

/** Says whether an address has the shape of a return address, whoever signed it. */
export function looksLikeReturnAddress(address: string): boolean {
  return ownLocalPart.test(localPartOf(address));
}

const localPartOf = (address: string) => address.slice(0, Math.max(0, address.lastIndexOf("@")));

/** [D42] Reads a return address of ours; undefined for anything that we did not sign. */
export function readReturnAddress(address: string, mac: Mac): ReturnAddress | undefined {
  const [, role, token] = ownLocalPart.exec(localPartOf(address)) ?? [];
  const read = token === undefined ? undefined : readToken(token, "bounce", mac);
  return (
    read && { role: role?.toLowerCase() === "u" ? "unsubscribe" : "bounce", deliveryId: read.deliveryId }
  );
}

/**
 * [D42] Whose mail it is about: by its own address first, then by what we signed in the headers of the enclosed message or
 * in the copy that old servers put into their text. Never by an address that somebody wrote.
 */
export function findDelivery(mail: ReceivedMail, mac: Mac): ReturnAddress | undefined {
  const addressed = [...mail.recipients, ...addressHeaders.map((name) => headerOf(mail, name))];
  for (const text of addressed)
    for (const address of text.match(anyReturnAddress) ?? []) {
      const read = readReturnAddress(address, mac);
      if (read) return read;
    }
  const enclosed = mail.parts.filter(({ type }) => isEnclosed(type)).map(({ text }) => text);
  for (const text of [...enclosed, mail.text]) {
    const deliveryId = findSigned(text, mac);
    if (deliveryId !== undefined) return { role: "bounce", deliveryId };
  }
  return undefined;
}

const addressHeaders = ["delivered-to", "x-original-to", "envelope-to", "to"];
const anyReturnAddress = /[bu]\+[a-z2-7]{40}@[a-z0-9.-]+/gi;

function isEnclosed(type: string): boolean {
  return type === "message/rfc822" || type === "text/rfc822-headers" || type === "message/global-headers";
}

/** A token in the text of a message of ours: the return path, or a link of the List-Unsubscribe header. */
export function findSigned(text: string, mac: Mac): string | undefined {
  const unfolded = text.replace(/=\r?\n/g, "").replace(/\r?\n[ \t]+/g, "");
  for (const address of (unfolded.match(anyReturnAddress) ?? []).slice(0, 20)) {
    const read = readReturnAddress(address, mac);
    if (read) return read.deliveryId;
  }
  for (const [, token = ""] of [...unfolded.matchAll(/\/u\/([\w-]{34})(?![\w-])/g)].slice(0, 20)) {
    const read = readToken(token, "manage", mac);
    if (read) return read.deliveryId;
  }
  return undefined;
}
