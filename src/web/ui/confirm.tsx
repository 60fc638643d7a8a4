import { Button, type ButtonProps, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { type ReactNode, useState } from "react";
import { notify } from "./notify.tsx";

type Question = {
  readonly title: string;
  /** What will happen and whether it can be taken back. */
  readonly body: ReactNode;
  /** The verb on the button: "Delete contact", never "OK". */
  readonly action: string;
  readonly isDangerous?: boolean;
};

/** Asks before something that cannot be undone. Resolves to whether to go on. */
export function confirm({ title, body, action, isDangerous = true }: Question): Promise<boolean> {
  return new Promise((resolve) => {
    modals.openConfirmModal({
      title,
      children: typeof body === "string" ? <Text size="sm">{body}</Text> : body,
      labels: { confirm: action, cancel: "Cancel" },
      confirmProps: { color: isDangerous ? "red.8" : "spruce", "data-autofocus": true },
      onConfirm: () => resolve(true),
      onCancel: () => resolve(false),
      onClose: () => resolve(false),
    });
  });
}

/** A button that asks, acts, and says if it was refused. */
export function ConfirmButton({
  question,
  onConfirmed,
  children,
  ...button
}: ButtonProps & {
  readonly question: Question;
  readonly onConfirmed: () => Promise<unknown>;
  readonly children: ReactNode;
}) {
  const [isBusy, setBusy] = useState(false);
  async function ask(): Promise<void> {
    if (!(await confirm(question))) return;
    setBusy(true);
    try {
      await onConfirmed();
    } catch (error) {
      notify.failed(error);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Button
      variant="default"
      {...(question.isDangerous === false ? {} : { c: "var(--tone-bad)" })}
      {...button}
      loading={isBusy}
      onClick={() => void ask()}
    >
      {children}
    </Button>
  );
}
