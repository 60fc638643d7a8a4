import { ActionIcon, CopyButton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import css from "./CopyField.module.css";

/** A value to take elsewhere: a key, a DNS record, an address. Shown whole, copied with one press. */
export function CopyField({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className={css.field}>
      <span className={css.label}>{label}</span>
      <code className={css.value}>{value}</code>
      <CopyButton value={value} timeout={2000}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? "Copied" : `Copy ${label.toLowerCase()}`}>
            <ActionIcon
              variant="subtle"
              color="gray"
              onClick={copy}
              aria-label={copied ? "Copied" : `Copy ${label.toLowerCase()}`}
            >
              {copied ? <IconCheck aria-hidden size={16} /> : <IconCopy aria-hidden size={16} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </div>
  );
}
