import type { ComponentType } from "react";

/**
 * A page: its address pattern, the words for the window's title and the command palette, and the module that holds it,
 * loaded when someone goes there. `frame: "bare"` is without navigation and session (signing in). `isWide` gives an
 * editor the whole width and height.
 */
export type Page = {
  readonly path: string;
  readonly title: string;
  readonly load: () => Promise<ComponentType>;
  readonly frame?: "shell" | "bare";
  readonly isWide?: boolean;
  /** In the command palette; leave it out for pages that need an id. */
  readonly isFindable?: boolean;
};

/** Declares the pages of a room; the identity function that checks them. */
export function definePages(pages: readonly Page[]): readonly Page[] {
  return pages;
}
