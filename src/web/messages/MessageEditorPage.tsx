import { Alert, Button, Tabs, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import type { z } from "zod";
import { type Finding, messageRoutes } from "#contract/messages.ts";
import { ask, call, useCall } from "../app/api.ts";
import { useParam, useUnsavedGuard } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { notify } from "../ui/notify.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { EditorActions } from "./EditorActions.tsx";
import { problemsIn } from "./editor-problems.ts";
import { FindingsPanel } from "./FindingsPanel.tsx";
import { HtmlEditor, type HtmlEditorHandle } from "./HtmlEditor.tsx";
import { MessageFields } from "./MessageFields.tsx";
import { MessageSettings } from "./MessageSettings.tsx";
import { stateWords } from "./message-state.ts";
import classes from "./messages.module.css";
import { editorNames } from "./names.ts";
import { PreviewPane } from "./PreviewPane.tsx";
import { TextPart } from "./TextPart.tsx";
import { useDraft } from "./useDraft.ts";
import { VersionsPanel } from "./VersionsPanel.tsx";

type Item = z.output<typeof Finding>;

const saveWords = {
  saved: "All changes saved",
  unsaved: "Not saved yet",
  saving: "Saving…",
  failed: "Not saved",
} as const;

/** Where a message is written, seen as any contact would see it, checked and taken live. */
export function MessageEditorPage() {
  const id = useParam("id");
  const message = useSuspenseQuery({
    ...ask(messageRoutes.get, { params: { messageId: id } }),
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
  const editing = useDraft(message);
  const { draft, saved, change, save, state } = editing;
  useUnsavedGuard(state !== "saved");
  const [settingsId, setSettingsId] = useState<string>();
  const context = useSuspenseQuery(ask(messageRoutes.previewContext, { query: {} })).data;
  const names = useMemo(() => editorNames(context), [context]);
  const [findings, setFindings] = useState<readonly Item[]>();
  const [tab, setTab] = useState("html");
  const [side, setSide] = useState("preview");
  const editor = useRef<HtmlEditorHandle>(null);
  const check = useCall(messageRoutes.check);

  async function runCheck(): Promise<void> {
    const now = await save();
    if (!now) return;
    try {
      const answer = await check.mutateAsync({
        params: { messageId: id },
        body: settingsId ? { contentSettingsId: settingsId } : {},
      });
      setFindings(answer.findings);
      setSide("check");
    } catch (error) {
      notify.failed(error);
    }
  }

  function show(finding: Item): void {
    const { field, line, column } = finding.where;
    if (field === "html") {
      setTab("html");
      requestAnimationFrame(() => editor.current?.goTo(line ?? 1, column ?? 1));
      return;
    }
    setTab(field === "text" ? "text" : tab);
    if (field.startsWith("from") || field === "replyTo" || field === "settings" || field === "linkTags")
      setTab("settings");
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[name="${field}"]`)?.focus());
  }

  async function loadTheirs(): Promise<void> {
    editing.takeTheirs(await call(messageRoutes.get, { params: { messageId: id } }));
  }

  const words = stateWords[saved.state];
  const htmlProblems = useMemo(() => problemsIn("html", findings ?? []), [findings]);
  return (
    <>
      <PageHeader
        title={draft.name}
        back={{ label: "Messages", href: paths.messages() }}
        badge={<StatusBadge tone={words.tone}>{words.label}</StatusBadge>}
        lead={
          <span role="status">
            {saveWords[state]}
            {saved.live ? ` · live version ${saved.live.number}` : ""}
          </span>
        }
        actions={
          <EditorActions
            message={saved}
            contentSettingsId={settingsId}
            isChecking={check.isPending}
            save={save}
            onCheck={() => void runCheck()}
            onChanged={editing.accept}
            onFindings={(found) => {
              setFindings(found);
              setSide("check");
            }}
          />
        }
      />
      {editing.problem && (
        <Alert color="red" title={editing.problem.title} mb="md" role="alert">
          <Text size="sm">{editing.problem.help}</Text>
          {editing.problem.code === "message.edited-elsewhere" && (
            <Button mt="xs" size="compact-sm" variant="default" onClick={() => void loadTheirs()}>
              Load the newest draft (what you typed here is dropped)
            </Button>
          )}
        </Alert>
      )}
      <div className={classes.columns}>
        <div>
          <MessageFields draft={draft} onChange={change} names={names} />
          <Tabs value={tab} onChange={(next) => setTab(next ?? "html")} keepMounted={false} mt="md">
            <Tabs.List mb="sm">
              <Tabs.Tab value="html">HTML</Tabs.Tab>
              <Tabs.Tab value="text">Plain text</Tabs.Tab>
              <Tabs.Tab value="settings">Sender and settings</Tabs.Tab>
              <Tabs.Tab value="versions">Versions</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="html">
              <HtmlEditor
                label="HTML of the message"
                value={draft.html}
                onChange={(html) => change({ html })}
                names={names}
                problems={htmlProblems}
                handle={editor}
              />
            </Tabs.Panel>
            <Tabs.Panel value="text">
              <TextPart draft={draft} onChange={change} />
            </Tabs.Panel>
            <Tabs.Panel value="settings">
              <MessageSettings draft={draft} message={saved} onChange={change} />
            </Tabs.Panel>
            <Tabs.Panel value="versions">
              <VersionsPanel message={saved} onRestore={change} />
            </Tabs.Panel>
          </Tabs>
        </div>
        <Tabs value={side} onChange={(next) => setSide(next ?? "preview")} keepMounted={false}>
          <Tabs.List mb="sm">
            <Tabs.Tab value="preview">Preview</Tabs.Tab>
            <Tabs.Tab value="check">Error check</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="preview">
            <PreviewPane draft={draft} settingsId={settingsId} onSettings={setSettingsId} />
          </Tabs.Panel>
          <Tabs.Panel value="check">
            {findings ? (
              <FindingsPanel
                findings={findings}
                onShow={show}
                onRepair={({ field, from, to, insert }) => {
                  const text = draft[field] ?? "";
                  change({ [field]: text.slice(0, from) + insert + text.slice(to) });
                  setFindings(undefined);
                }}
              />
            ) : (
              <Alert color="gray" title="Not checked since the last change">
                <Button mt="xs" variant="default" loading={check.isPending} onClick={() => void runCheck()}>
                  Check now
                </Button>
              </Alert>
            )}
          </Tabs.Panel>
        </Tabs>
      </div>
    </>
  );
}
