import type { ReactNode } from "react";
import css from "./StatNumber.module.css";

/** One figure and what it counts; `note` says how it came about or compares. */
export function StatNumber({
  label,
  value,
  note,
  href,
}: {
  readonly label: string;
  readonly value: ReactNode;
  readonly note?: ReactNode;
  readonly href?: string | undefined;
}) {
  const inside = (
    <>
      <dt className={css.label}>{label}</dt>
      <dd className={css.value}>{href ? <a href={href}>{value}</a> : value}</dd>
      {note && <dd className={css.note}>{note}</dd>}
    </>
  );
  return <div className={css.stat}>{inside}</div>;
}

/** A row of figures, as the list of terms and values that it is. */
export function StatRow({ children }: { readonly children: ReactNode }) {
  return <dl className={css.row}>{children}</dl>;
}
