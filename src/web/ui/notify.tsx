import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertCircle, IconCheck } from "@tabler/icons-react";
import { problemOf } from "./problem.ts";

/** Short messages in the corner. Errors of a form belong at its fields, not here. */
export const notify = {
  /** Says that something worked: "Contact saved". */
  done(message: string): void {
    notifications.show({
      message,
      icon: <IconCheck aria-hidden size={16} />,
      color: "spruce",
      autoClose: 4000,
    });
  },
  /** Says what was refused; stays until it is closed. */
  failed(error: unknown): void {
    const { title, help } = problemOf(error);
    notify.warn(title, help);
  },
  /** Says that something asked for turned out badly without being refused, such as a test; stays until it is closed. */
  warn(title: string, message: string): void {
    notifications.show({
      title,
      message,
      icon: <IconAlertCircle aria-hidden size={16} />,
      color: "red",
      autoClose: false,
    });
  },
  /** Says what was done and offers to take it back for 8 seconds. */
  undo(message: string, takeBack: () => void): void {
    const id = notifications.show({
      autoClose: 8000,
      color: "spruce",
      message: (
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm">{message}</Text>
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => {
              notifications.hide(id);
              takeBack();
            }}
          >
            Undo
          </Button>
        </Group>
      ),
    });
  },
};
