import { ActionIcon, Menu } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import type { EditorNames } from "./HtmlEditor.tsx";

/** Picks a field of the contact or of the content settings, as template text with a default. */
export function PersonaliseMenu({
  label,
  names,
  onPick,
}: {
  readonly label: string;
  readonly names: EditorNames;
  readonly onPick: (text: string) => void;
}) {
  return (
    <Menu position="bottom-end" width={300} shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={label}>
          <IconUserPlus aria-hidden size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah={340} style={{ overflowY: "auto" }}>
        {["contact", "settings"].map((root) => (
          <div key={root}>
            <Menu.Label>{root === "contact" ? "Contact" : "Content settings"}</Menu.Label>
            {(names.below[root] ?? []).map(({ name, detail }) => (
              <Menu.Item
                key={name}
                onClick={() =>
                  onPick(root === "contact" ? `{{ ${root}.${name} | default: "" }}` : `{{ ${root}.${name} }}`)
                }
              >
                {detail}
              </Menu.Item>
            ))}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
