import { Alert, Button, Text } from "@mantine/core";
import { IconAlertCircle, IconFileImport } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type DragEvent, useRef, useState } from "react";
import { importRoutes } from "#contract/imports.ts";
import { forget, upload } from "../app/api.ts";
import { useGo } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { formatBytes } from "../ui/format.ts";
import { PageHeader } from "../ui/PageHeader.tsx";
import { ProgressPanel } from "../ui/ProgressPanel.tsx";
import { type ApiProblem, problemOf } from "../ui/problem.ts";
import css from "./NewImportPage.module.css";

type Upload = { readonly file: File; readonly share: number; readonly abort: AbortController };

/** The first step of an import: the file. Nothing is imported before the next page is confirmed. */
export function NewImportPage() {
  const go = useGo();
  const client = useQueryClient();
  const [sending, setSending] = useState<Upload>();
  const [problem, setProblem] = useState<ApiProblem>();

  async function send(file: File): Promise<void> {
    const abort = new AbortController();
    setProblem(undefined);
    setSending({ file, share: 0, abort });
    try {
      const made = await upload(importRoutes.upload, { query: { fileName: file.name } }, file, {
        onProgress: (share) => setSending({ file, share, abort }),
        signal: abort.signal,
      });
      await forget(client, "imports.");
      go(paths.import({ id: made.id }));
    } catch (error) {
      setSending(undefined);
      if (!abort.signal.aborted) setProblem(problemOf(error));
    }
  }
  return (
    <>
      <PageHeader
        title="Import contacts"
        lead="A CSV file with one row per person. You choose what becomes of each column, and see it, before anything is imported."
        back={{ label: "Contacts", href: paths.contacts() }}
      />
      {problem && (
        <Alert
          role="alert"
          color="red"
          mb="md"
          icon={<IconAlertCircle aria-hidden size={18} />}
          title={problem.title}
        >
          {typeof problem.facts.problem === "string" ? problem.facts.problem : problem.help}
        </Alert>
      )}
      {sending ? (
        <ProgressPanel
          title={`Uploading ${sending.file.name}`}
          share={sending.share}
          rate={sending.share < 1 ? `${formatBytes(sending.file.size)} in all` : "looking into it"}
          actions={
            <Button variant="default" onClick={() => sending.abort.abort()}>
              Cancel
            </Button>
          }
        />
      ) : (
        <DropZone onFile={(file) => void send(file)} />
      )}
    </>
  );
}

function DropZone({ onFile }: { readonly onFile: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  function drop(event: DragEvent): void {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  }
  return (
    <section
      className={css.zone}
      data-over={isOver}
      aria-label="File"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <IconFileImport aria-hidden size={32} stroke={1.5} />
      <Text fw={600}>Drop a CSV file here</Text>
      <Button onClick={() => input.current?.click()}>Choose a file</Button>
      <Text size="sm" c="dimmed" maw="48ch">
        Up to 1 GB. Commas, semicolons or tabs; UTF-8, UTF-16 or Windows encoding: it is recognised.
      </Text>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="CSV file"
        accept=".csv,.tsv,.txt,text/csv,text/plain"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) onFile(file);
        }}
      />
    </section>
  );
}
