import { Skeleton, VisuallyHidden } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import css from "./DataTable.module.css";

/** The width below which navigation is a drawer and tables are cards. */
export const phoneQuery = "(max-width: 48em)";

export type Column<Row> = {
  readonly key: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** Figures go right. */
  readonly align?: "right";
  /** Set only where the server can sort by it; `key` is then its name. */
  readonly isSortable?: boolean;
  /** For columns of buttons: the header is only read out. */
  readonly isHeaderHidden?: boolean;
  /** Left out on a phone. */
  readonly isMinor?: boolean;
  readonly width?: string;
  /** Never broken over lines: moments, ids. */
  readonly isTight?: boolean;
};

export type Sort = { readonly by: string; readonly isDescending: boolean };

type Props<Row> = {
  /** What the table lists, for screen readers: "Contacts". */
  readonly label: string;
  readonly columns: readonly [Column<Row>, ...Column<Row>[]];
  readonly rows: readonly Row[] | undefined;
  readonly rowKey: (row: Row) => string;
  /** Where a row leads. The first column becomes the link; up and down arrows move between rows. */
  readonly rowHref?: (row: Row) => string;
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
  /** Shown instead of rows when there are none. */
  readonly empty: ReactNode;
};

/** A list of like things. Undefined rows are still loading. On a phone each row is a card. */
export function DataTable<Row>(props: Props<Row>) {
  const isPhone = useMediaQuery(phoneQuery, undefined, { getInitialValueInEffect: false });
  if (props.rows?.length === 0) return <>{props.empty}</>;
  return isPhone ? <Cards {...props} /> : <Table {...props} />;
}

function moveBetweenRows(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row-link]")];
  const at = links.findIndex((link) => link === document.activeElement);
  const next = links[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
}

function RowLink<Row>({
  row,
  rowHref,
  children,
}: Pick<Props<Row>, "rowHref"> & { row: Row; children: ReactNode }) {
  if (!rowHref) return <>{children}</>;
  return (
    <a href={rowHref(row)} data-row-link className={css.link}>
      {children}
    </a>
  );
}

/** Whether what is in a frame is wider than the frame: then it scrolls, and must be reachable by keyboard to be scrolled. */
function useOverflow() {
  const ref = useRef<HTMLElement>(null);
  const [isOverflowing, setOverflowing] = useState(false);
  useEffect(() => {
    const frame = ref.current;
    if (!frame) return;
    const observer = new ResizeObserver(() => setOverflowing(frame.scrollWidth > frame.clientWidth));
    for (const watched of [frame, ...frame.children]) observer.observe(watched);
    return () => observer.disconnect();
  }, []);
  return [ref, isOverflowing] as const;
}

function Table<Row>({ label, columns, rows, rowKey, rowHref, sort, onSort }: Props<Row>) {
  const [frame, isOverflowing] = useOverflow();
  return (
    <section
      ref={frame}
      className={css.frame}
      aria-label={label}
      onKeyDown={moveBetweenRows}
      {...(isOverflowing ? { tabIndex: 0 } : {})}
    >
      <table className={css.table} aria-busy={!rows}>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows
            ? rows.map((row) => (
                <tr key={rowKey(row)} className={rowHref ? css.leading : undefined}>
                  {columns.map((column, place) => (
                    <td key={column.key} data-align={column.align} data-tight={column.isTight}>
                      {place === 0 ? (
                        <RowLink row={row} {...(rowHref ? { rowHref } : {})}>
                          {column.cell(row)}
                        </RowLink>
                      ) : (
                        column.cell(row)
                      )}
                    </td>
                  ))}
                </tr>
              ))
            : [1, 2, 3, 4, 5].map((row) => (
                <tr key={row}>
                  {columns.map((column) => (
                    <td key={column.key}>
                      <Skeleton height={12} my={5} width={`${40 + ((row * 17) % 40)}%`} />
                    </td>
                  ))}
                </tr>
              ))}
        </tbody>
      </table>
    </section>
  );
}

function HeaderCell<Row>({
  column,
  sort,
  onSort,
}: {
  readonly column: Column<Row>;
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort) => void) | undefined;
}) {
  const isSorted = sort?.by === column.key;
  const width = column.width ? { style: { width: column.width } } : {};
  if (!column.isSortable || !onSort)
    return (
      <th scope="col" data-align={column.align} {...width}>
        {column.isHeaderHidden ? <VisuallyHidden>{column.header}</VisuallyHidden> : column.header}
      </th>
    );
  const Arrow = isSorted && sort.isDescending ? IconArrowDown : IconArrowUp;
  return (
    <th
      scope="col"
      data-align={column.align}
      aria-sort={isSorted ? (sort.isDescending ? "descending" : "ascending") : "none"}
      {...width}
    >
      <button
        type="button"
        className={css.sort}
        onClick={() => onSort({ by: column.key, isDescending: isSorted && !sort.isDescending })}
      >
        {column.header}
        <Arrow aria-hidden size={14} data-shown={isSorted} />
      </button>
    </th>
  );
}

function Cards<Row>({ label, columns: [first, ...others], rows, rowKey, rowHref }: Props<Row>) {
  if (!rows)
    return (
      <div aria-busy="true" className={css.cards}>
        <Skeleton height={84} radius="md" />
        <Skeleton height={84} radius="md" />
      </div>
    );
  return (
    <ul className={css.cards} aria-label={label} onKeyDown={moveBetweenRows}>
      {rows.map((row) => (
        <li key={rowKey(row)} className={`${css.card} ${rowHref ? css.leading : ""}`}>
          <div className={css.cardTitle}>
            <RowLink row={row} {...(rowHref ? { rowHref } : {})}>
              {first.cell(row)}
            </RowLink>
          </div>
          <dl className={css.facts}>
            {others
              .filter(({ isMinor }) => !isMinor)
              .map((column) => (
                <div key={column.key}>
                  <dt>
                    {column.isHeaderHidden ? <VisuallyHidden>{column.header}</VisuallyHidden> : column.header}
                  </dt>
                  <dd>{column.cell(row)}</dd>
                </div>
              ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}
