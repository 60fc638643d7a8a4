import { FileInput, TextInput } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { z } from "zod";
import { messageRoutes, type Template } from "#contract/messages.ts";
import { ask, useCall } from "../app/api.ts";
import { useGo } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { Panel } from "../ui/Panel.tsx";
import { useForm } from "../ui/useForm.ts";
import classes from "./messages.module.css";

type TemplateItem = z.output<typeof Template>;

/** Starts a message: a name, and a template or one's own HTML. */
export function NewMessagePage() {
  const { items } = useSuspenseQuery(ask(messageRoutes.templates, {})).data;
  const create = useCall(messageRoutes.create, { changes: ["messages."] });
  const go = useGo();
  const [templateId, setTemplateId] = useState(
    items.find(({ category }) => category !== "Basics")?.id ?? items[0]?.id,
  );
  const [file, setFile] = useState<File | null>(null);
  const form = useForm({
    initial: { name: "" },
    submit: async ({ name }) => {
      const html = file ? await file.text() : undefined;
      const made = await create.mutateAsync({
        body: { name, ...(html === undefined ? { templateId } : { html }) },
      });
      go(paths.message({ id: made.id }));
    },
  });
  return (
    <>
      <PageHeader title="New message" back={{ label: "Messages", href: paths.messages() }} />
      <form {...form.props}>
        <Panel title="Name" lead="For you and your colleagues; recipients never see it.">
          <TextInput label="Name of the message" required autoFocus maw={480} {...form.text("name")} />
        </Panel>
        <Panel title="Start from" lead="Everything in a template can be changed afterwards.">
          <div role="radiogroup" aria-label="Template" className={classes.gallery}>
            {items.map((template) => (
              <TemplateCard
                key={template.id}
                template={template}
                isChosen={!file && template.id === templateId}
                onChoose={() => {
                  setTemplateId(template.id);
                  setFile(null);
                }}
              />
            ))}
          </div>
          <FileInput
            mt="lg"
            maw={480}
            clearable
            label="Or upload an HTML file"
            description="It is kept exactly as it is."
            placeholder="Choose a file"
            accept=".html,.htm,text/html"
            value={file}
            onChange={setFile}
          />
        </Panel>
        <FormEnd form={form} action="Create draft" />
      </form>
    </>
  );
}

function TemplateCard({
  template,
  isChosen,
  onChoose,
}: {
  readonly template: TemplateItem;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  return (
    <label className={classes.card} data-chosen={isChosen || undefined}>
      <span className={classes.thumbnail} aria-hidden>
        <iframe
          title="Picture of the template"
          tabIndex={-1}
          sandbox=""
          loading="lazy"
          srcDoc={withoutLogic(template.html)}
        />
      </span>
      <span className={classes.cardName}>
        <input type="radio" name="template" checked={isChosen} onChange={onChoose} />
        {template.name}
      </span>
      <span className={classes.cardKind}>{template.category || "Your templates"}</span>
    </label>
  );
}

/** A template as a picture: personalisation is left out, defaults of texts are not computed. */
function withoutLogic(html: string): string {
  return html.replace(/\{%.*?%\}|\{\{.*?\}\}/gs, "");
}
