import { Modal, Text, TextInput } from "@mantine/core";
import { IconCornerDownLeft, IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useId, useState } from "react";
import css from "./CommandPalette.module.css";
import { type Command, findCommands } from "./find-commands.ts";
import { useGo } from "./navigation.ts";
import { pages } from "./pages.ts";

const commands: readonly Command[] = pages.flatMap(({ isFindable, path, title }) =>
  isFindable ? [{ label: title, href: path }] : [],
);

/** Goes anywhere by typing a few letters (Ctrl or Cmd + K). */
export function CommandPalette({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      withCloseButton={false}
      centered={false}
      yOffset="14vh"
      padding={0}
      size={520}
      attributes={{ content: { "aria-label": "Go to" } }}
    >
      <Finder onClose={onClose} />
    </Modal>
  );
}

function Finder({ onClose }: { readonly onClose: () => void }) {
  const go = useGo();
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const found = findCommands(commands, text);

  function open(command: Command | undefined): void {
    if (!command) return;
    onClose();
    go(command.href, { asks: true });
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Enter") open(found[at]);
    else if (event.key === "ArrowDown") setAt(Math.min(found.length - 1, at + 1));
    else if (event.key === "ArrowUp") setAt(Math.max(0, at - 1));
    else return;
    event.preventDefault();
  }
  return (
    <>
      <TextInput
        data-autofocus
        variant="unstyled"
        size="md"
        px="sm"
        role="combobox"
        aria-label="Go to"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={found[at] ? `${id}-${at}` : undefined}
        placeholder="Where to?"
        leftSection={<IconSearch aria-hidden size={18} />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div role="listbox" id={id} aria-label="Pages" className={css.list}>
        {found.map((command, place) => (
          <div
            key={command.href}
            id={`${id}-${place}`}
            role="option"
            tabIndex={-1}
            aria-selected={place === at}
            className={css.option}
            onPointerMove={() => setAt(place)}
            onClick={() => open(command)}
            onKeyDown={onKeyDown}
          >
            <span>{command.label}</span>
            {place === at && <IconCornerDownLeft aria-hidden size={15} />}
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <Text c="dimmed" size="sm" p="md" pt={0}>
          No page has these words.
        </Text>
      )}
    </>
  );
}
