type Go = (href: string) => void;

/**
 * Lets links be plain `<a href>` everywhere: a plain left click on a link to a page of ours goes through the router.
 * Links to `/api`, to other windows, downloads and clicks with a modifier key stay the browser's.
 */
export function followLinks(go: Go, preload: Go): () => void {
  function linkOf(event: Event): string | undefined {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download")) return;
    if (link.origin !== window.location.origin || isOurServer(link.pathname) || link.hash) return;
    return link.pathname + link.search;
  }
  function onClick(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const href = linkOf(event);
    if (href === undefined) return;
    event.preventDefault();
    go(href);
  }
  function onIntent(event: Event): void {
    const href = linkOf(event);
    if (href !== undefined) preload(href);
  }
  document.addEventListener("click", onClick);
  document.addEventListener("pointerover", onIntent, { passive: true });
  document.addEventListener("focusin", onIntent);
  return () => {
    document.removeEventListener("click", onClick);
    document.removeEventListener("pointerover", onIntent);
    document.removeEventListener("focusin", onIntent);
  };
}

/** Addresses that the server answers itself: its API, its docs, and what recipients see. */
export function isOurServer(pathname: string): boolean {
  return /^\/(api|docs|mailbox|o|c|v|p|u|f|e)(\/|$)/.test(pathname);
}
