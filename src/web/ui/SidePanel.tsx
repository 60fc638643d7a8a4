import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";

/** A panel from the right for a short task beside a list. Escape and the overlay close it; focus comes back. */
export function SidePanel({
  title,
  isOpen,
  onClose,
  children,
}: {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Drawer opened={isOpen} onClose={onClose} title={title} position="right" size="md">
      {children}
    </Drawer>
  );
}
