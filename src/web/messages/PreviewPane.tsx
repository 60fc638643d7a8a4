import { Alert, Code, Group, SegmentedControl, Stack, Switch, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";
import { messageRoutes } from "#contract/messages.ts";
import { ask } from "../app/api.ts";
import { formatBytes } from "../ui/format.ts";
import { ContactPicker } from "./ContactPicker.tsx";
import type { Draft } from "./draft.ts";
import classes from "./messages.module.css";
import { asSeen, previewMessage } from "./preview.ts";
import { SettingsPicker } from "./SettingsPicker.tsx";

const widths = { desktop: "100%", tablet: "600px", phone: "360px" } as const;
type Width = keyof typeof widths;
type Face = "html" | "text" | "source" | "headers";

/** The message as one contact gets it, made by the very code that sends it. */
export function PreviewPane({
  draft,
  settingsId,
  onSettings,
}: {
  readonly draft: Draft;
  readonly settingsId: string | undefined;
  readonly onSettings: (contentSettingsId: string | undefined) => void;
}) {
  const [contactId, setContactId] = useState<string>();
  const [face, setFace] = useState<Face>("html");
  const [width, setWidth] = useState<Width>("desktop");
  const [isDark, setDark] = useState(false);
  const [hasImages, setImages] = useState(true);
  const context = useQuery({
    ...ask(messageRoutes.previewContext, {
      query: {
        ...(contactId ? { contactId } : {}),
        ...(settingsId ? { contentSettingsId: settingsId } : {}),
      },
    }),
    placeholderData: keepPreviousData,
  });
  const typed = useDeferredValue(draft);
  const now = useMemo(() => Date.now(), []);
  const preview = useMemo(
    () => context.data && previewMessage(typed, context.data, now),
    [typed, context.data, now],
  );

  return (
    <Stack gap="sm">
      <Group grow align="end">
        <ContactPicker
          label="As this contact"
          nobody="A made-up contact"
          value={contactId}
          onChange={setContactId}
        />
        <SettingsPicker value={settingsId} onChange={onSettings} />
      </Group>
      <Group justify="space-between">
        <SegmentedControl
          aria-label="Part"
          size="xs"
          value={face}
          onChange={(value) => setFace(value as Face)}
          data={[
            { value: "html", label: "HTML" },
            { value: "text", label: "Text" },
            { value: "source", label: "Source" },
            { value: "headers", label: "Headers" },
          ]}
        />
        {face === "html" && (
          <Group gap="md">
            <SegmentedControl
              aria-label="Width"
              size="xs"
              value={width}
              onChange={(value) => setWidth(value as Width)}
              data={[
                { value: "desktop", label: "Desktop" },
                { value: "tablet", label: "Tablet" },
                { value: "phone", label: "Phone" },
              ]}
            />
            <Switch
              size="xs"
              label="Dark"
              checked={isDark}
              onChange={(event) => setDark(event.currentTarget.checked)}
            />
            <Switch
              size="xs"
              label="Images"
              checked={hasImages}
              onChange={(event) => setImages(event.currentTarget.checked)}
            />
          </Group>
        )}
      </Group>
      {preview && !preview.ok && (
        <Alert color="red" title="This cannot be shown yet" role="status">
          {preview.error.map((problem) => (
            <Text size="sm" key={problem}>
              {problem}
            </Text>
          ))}
        </Alert>
      )}
      {preview?.ok && (
        <>
          <div>
            <Text fw={600}>{preview.value.subject || "(no subject)"}</Text>
            <Text size="sm" c="dimmed">
              {preview.value.fromName} {preview.value.fromAddress && `<${preview.value.fromAddress}>`} · to{" "}
              {context.data?.contact.email} · {formatBytes(preview.value.html.length)}
              {preview.value.preheader && ` · ${preview.value.preheader}`}
            </Text>
          </div>
          {face === "html" && (
            <div className={classes.frameHolder} style={{ width: widths[width] }}>
              <iframe
                className={classes.frame}
                title="Preview of the message"
                sandbox=""
                srcDoc={asSeen(preview.value.html, { isDark, hasImages })}
              />
            </div>
          )}
          {face === "text" && (
            <Code block className={classes.source}>
              {preview.value.text}
            </Code>
          )}
          {face === "source" && (
            <Code block className={classes.source}>
              {preview.value.html}
            </Code>
          )}
          {face === "headers" && (
            <Code block className={classes.source}>
              {preview.value.headers.map(({ name, value }) => `${name}: ${value}`).join("\n")}
            </Code>
          )}
        </>
      )}
    </Stack>
  );
}
