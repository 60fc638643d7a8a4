import { ScrollArea, Text } from "@mantine/core";
import type { importRoutes } from "#contract/imports.ts";
import type { AnswerOf } from "../app/api.ts";
import { PageLoading } from "../ui/PageLoading.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import css from "./ImportPreview.module.css";
import type { Import } from "./import-words.ts";

type Rows = AnswerOf<typeof importRoutes.preview>["rows"];

/** The first rows as a table, each with what is wrong in it. */
export function ImportPreview({
  columns,
  rows,
  problem,
  onRetry,
}: {
  readonly columns: Import["columns"];
  readonly rows: Rows | undefined;
  readonly problem: unknown;
  readonly onRetry: () => void;
}) {
  if (problem) return <ProblemPanel error={problem} onRetry={onRetry} />;
  if (!rows) return <PageLoading />;
  if (rows.length === 0) return <Text c="dimmed">The file has no rows.</Text>;
  const places = columns.map(({ header }, place) => ({ header, place, key: `column ${place}` }));
  return (
    <ScrollArea
      className={css.frame}
      viewportProps={{ tabIndex: 0, role: "region", "aria-label": "First rows" }}
    >
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">Row</th>
            {places.map(({ header, key }) => (
              <th scope="col" key={key}>
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ number, cells, problems }) => (
            <tr key={number} data-bad={problems.length > 0}>
              <th scope="row">{number}</th>
              {places.map(({ place, key }) => (
                <td key={key} data-bad={problems.some(({ column }) => column === place)}>
                  {cells[place]}
                  {problems
                    .filter(({ column }) => column === place || (column === null && place === 0))
                    .map(({ code, message }) => (
                      <span key={code} className={css.problem}>
                        {message}
                      </span>
                    ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
