import { Stack } from "@mantine/core";
import { useState } from "react";
import { segmentRoutes } from "#contract/segments.ts";
import type { Schema } from "#core/segments/check-condition.ts";
import type { Definition } from "#core/segments/condition.ts";
import { useCall } from "../app/api.ts";
import { useUnsavedGuard } from "../app/navigation.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";
import { useForm } from "../ui/useForm.ts";
import { ConditionEditor } from "./ConditionEditor.tsx";
import { draftOf, isComplete } from "./definition-draft.ts";
import { ExplainPanel } from "./ExplainPanel.tsx";
import { PreviewPanel } from "./PreviewPanel.tsx";
import css from "./segments.module.css";
import { ZoneSelect } from "./ZoneSelect.tsx";

/** The rules of a dynamic segment, with who fits beside them while they are changed. */
export function RulesForm({
  id,
  definition,
  schema,
  isReadOnly,
}: {
  readonly id: string;
  readonly definition: Definition;
  readonly schema: Schema;
  readonly isReadOnly: boolean;
}) {
  const [draft, setDraft] = useState(() => draftOf(definition.condition, schema));
  const change = useCall(segmentRoutes.change, { changes: ["segments."] });
  const isReady = isComplete(draft, schema);
  const form = useForm({
    initial: { timeZone: definition.timeZone, condition: definition.condition },
    check: () =>
      isReady ? [] : [{ path: "rules", message: "Complete the rules that are marked before saving." }],
    submit: async (values) => {
      await change.mutateAsync({ params: { id }, body: { definition: values } });
      notify.done("Segment saved");
    },
  });
  useUnsavedGuard(form.isDirty);
  const edited = isReady ? form.values : undefined;
  return (
    <div className={css.columns}>
      <Panel title="Rules">
        <form {...form.props}>
          <Stack>
            <ConditionEditor
              draft={draft}
              schema={schema}
              isReadOnly={isReadOnly}
              onChange={(next) => {
                setDraft(next);
                form.set("condition", next.condition);
              }}
            />
            <ZoneSelect
              value={form.values.timeZone}
              isReadOnly={isReadOnly}
              onChange={(timeZone) => form.set("timeZone", timeZone)}
            />
            {!isReadOnly && <FormEnd form={form} action="Save rules" />}
          </Stack>
        </form>
      </Panel>
      <Stack>
        <PreviewPanel definition={edited} />
        <ExplainPanel definition={edited} />
      </Stack>
    </div>
  );
}
