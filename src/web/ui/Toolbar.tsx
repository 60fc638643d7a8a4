import type { ReactNode } from "react";
import css from "./Toolbar.module.css";

/** Search and filters above a list. */
export function Toolbar({ children }: { readonly children: ReactNode }) {
  return <search className={css.toolbar}>{children}</search>;
}
