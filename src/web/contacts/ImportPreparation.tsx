import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { attributeRoutes } from "#contract/contacts.ts";
import { importRoutes } from "#contract/imports.ts";
import { ask, type InputOf, useCall } from "../app/api.ts";
import { useCan } from "../app/session.ts";
import { issuesOf } from "../ui/form-issues.ts";
import { Panel } from "../ui/Panel.tsx";
import { problemOf } from "../ui/problem.ts";
import type { Target } from "./column-target.ts";
import { ImportColumns } from "./ImportColumns.tsx";
import { ImportFormat } from "./ImportFormat.tsx";
import { ImportOptions } from "./ImportOptions.tsx";
import { ImportPreview } from "./ImportPreview.tsx";
import type { Import } from "./import-words.ts";

/** The steps between upload and import: columns, options, a look at the first rows. Each change is kept at once. */
export function ImportPreparation({ wanted }: { readonly wanted: Import }) {
  const params = { id: wanted.id };
  const [targets, setTargets] = useState<readonly Target[]>(() => wanted.columns.map(({ target }) => target));
  const attributes = useSuspenseQuery(ask(attributeRoutes.list, {}));
  const preview = useQuery(ask(importRoutes.preview, { params }));
  const configure = useCall(importRoutes.configure, { changes: ["imports."] });
  // Not the preview, which there is none of once the import runs.
  const start = useCall(importRoutes.start, { changes: ["imports.get", "imports.list"] });
  const canImport = useCan("contacts:import");
  const hasAddress = targets.some(({ kind }) => kind === "email");
  const problem = start.error ?? configure.error;

  /** True once everything that was chosen is kept. Leaving a field by pressing Start keeps it first. */
  const kept = useRef(Promise.resolve(true));
  function keep(body: InputOf<typeof importRoutes.configure>["body"]): Promise<Import> {
    const next = kept.current.then(() => configure.mutateAsync({ params, body }));
    kept.current = next.then(
      () => true,
      () => false,
    );
    return next;
  }

  async function begin(): Promise<void> {
    if (await kept.current) start.mutate({ params });
  }

  function choose(next: readonly Target[]): void {
    setTargets(next);
    start.reset();
    void keep({ columns: [...next] }).catch(() => undefined);
  }
  return (
    <>
      <Panel
        title="Columns"
        lead="What becomes of each column. Guessed from the headers; correct what is wrong."
      >
        <ImportColumns
          columns={wanted.columns}
          targets={targets}
          attributes={attributes.data.items}
          rows={preview.data?.rows ?? []}
          onChange={choose}
        />
      </Panel>
      <Panel title="Options">
        <ImportOptions wanted={wanted} onChange={(body) => void keep(body).catch(() => undefined)} />
      </Panel>
      <Panel
        title="Preview"
        lead="The first rows as they will be taken over. Rows with a problem are left out and listed; the others go in."
      >
        <ImportFormat
          format={wanted.format}
          onChange={async (format) => {
            const { columns } = await keep({ format });
            setTargets(columns.map(({ target }) => target));
          }}
        />
        <ImportPreview
          columns={wanted.columns}
          rows={preview.data?.rows}
          problem={preview.error}
          onRetry={() => void preview.refetch()}
        />
      </Panel>
      <Panel>
        {problem && <Refused error={problem} />}
        <Group>
          <Button
            disabled={!canImport || !hasAddress || configure.isPending || preview.isFetching}
            loading={start.isPending}
            onClick={() => void begin()}
          >
            Start the import
          </Button>
          <Text size="sm" c="dimmed">
            {hasAddress
              ? "It runs in the background; you can leave the page."
              : "First choose which column holds the email address."}
          </Text>
        </Group>
      </Panel>
    </>
  );
}

function Refused({ error }: { readonly error: unknown }) {
  const problem = problemOf(error);
  const issues = issuesOf(problem, {});
  return (
    <Alert
      role="alert"
      color="red"
      mb="md"
      icon={<IconAlertCircle aria-hidden size={18} />}
      title={problem.title}
    >
      {issues.length > 0 ? issues.map(({ message }) => message).join(" ") : problem.help}
    </Alert>
  );
}
