/** Whether a picture is the beacon of a message of ours: fetching it would count as an opening by the contact. */
export function isBeacon(address: string): boolean {
  return /\/o\/[A-Za-z0-9_-]+\.gif$/.test(address);
}

/**
 * A sent message made safe to look at: without its beacon, and with links that lead nowhere but say where they led. Looking
 * at what a contact got must never count as something that the contact did.
 */
export function inertCopy(html: string): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const picture of page.querySelectorAll("img"))
    if (isBeacon(picture.getAttribute("src") ?? "")) picture.remove();
  for (const refresh of page.querySelectorAll("meta[http-equiv]")) refresh.remove();
  for (const link of page.querySelectorAll("a[href], area[href]")) {
    link.setAttribute("title", link.getAttribute("href") ?? "");
    link.removeAttribute("href");
  }
  const look = page.createElement("style");
  look.textContent = "a[title] { color: LinkText; text-decoration: underline; cursor: help }";
  page.head.prepend(look);
  return `<!doctype html>${page.documentElement.outerHTML}`;
}
