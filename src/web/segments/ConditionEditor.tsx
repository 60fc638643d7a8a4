import { Alert, Tabs } from "@mantine/core";
import { lazy, Suspense } from "react";
import type { Schema } from "#core/segments/check-condition.ts";
import { PageLoading } from "../ui/PageLoading.tsx";
import { type Draft, draftOf, problemsByRule, withText } from "./definition-draft.ts";
import { partOf, withRootGroup } from "./edit-condition.ts";
import { GroupEditor } from "./GroupEditor.tsx";

const ConditionText = lazy(async () => ({ default: (await import("./ConditionText.tsx")).ConditionText }));

/** Edits a condition by building it or by writing it; both show the same one. */
export function ConditionEditor({
  draft,
  schema,
  isReadOnly,
  onChange,
}: {
  readonly draft: Draft;
  readonly schema: Schema;
  readonly isReadOnly: boolean;
  readonly onChange: (draft: Draft) => void;
}) {
  return (
    <Tabs defaultValue="builder" keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="builder">Builder</Tabs.Tab>
        <Tabs.Tab value="text">Text</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="builder">
        <Builder draft={draft} schema={schema} isReadOnly={isReadOnly} onChange={onChange} />
      </Tabs.Panel>
      <Tabs.Panel value="text">
        <Suspense fallback={<PageLoading />}>
          <ConditionText
            text={draft.text}
            problems={draft.textProblems}
            schema={schema}
            isReadOnly={isReadOnly}
            onChange={(text) => onChange(withText(draft, text, schema))}
          />
        </Suspense>
      </Tabs.Panel>
    </Tabs>
  );
}

function Builder({
  draft,
  schema,
  isReadOnly,
  onChange,
}: {
  readonly draft: Draft;
  readonly schema: Schema;
  readonly isReadOnly: boolean;
  readonly onChange: (draft: Draft) => void;
}) {
  const root = withRootGroup(draft.condition);
  const { inner, isNegated } = partOf(root);
  if (inner.kind !== "all" && inner.kind !== "any") return null;
  return (
    <>
      {draft.textProblems.length > 0 && (
        <Alert color="yellow" mb="md" title="The text cannot be read yet">
          These are the rules from before. A change here replaces the text.
        </Alert>
      )}
      <fieldset
        disabled={isReadOnly}
        style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}
        aria-label="Builder"
      >
        <GroupEditor
          building={{
            root,
            schema,
            problems: problemsByRule(root, schema),
            onChange: (next) => onChange(draftOf(next, schema)),
          }}
          place={[]}
          group={inner}
          isNegated={isNegated}
        />
      </fieldset>
    </>
  );
}
