import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { contentRoutes } from "#contract/content.ts";
import { eventRoutes } from "#contract/events.ts";
import { messageRoutes } from "#contract/messages.ts";
import { segmentRoutes } from "#contract/segments.ts";
import { routeRoutes } from "#contract/senders.ts";
import { ask } from "../app/api.ts";
import { useDebounced } from "../ui/useDebounced.ts";

type Choice = { readonly value: string; readonly label: string };

type PickerProps = {
  readonly label: string;
  readonly value: string | null;
  /** What the chosen thing is called, also when it is not among the first found. */
  readonly valueName: string | undefined;
  readonly onChange: (id: string) => void;
};

/** What is typed into a picker, and what to search for once typing rests; the name of what is chosen is no search. */
function useTyping(valueName: string | undefined) {
  const [typed, setTyped] = useState("");
  const rested = useDebounced(typed);
  return { search: rested && rested !== valueName ? rested : undefined, onTyped: setTyped };
}

/** A choice among many things that the server searches by name. */
function SearchPicker({
  label,
  value,
  valueName,
  onChange,
  found,
  noun,
  onTyped,
}: PickerProps & {
  readonly found: readonly Choice[] | undefined;
  readonly noun: string;
  readonly onTyped: (text: string) => void;
}) {
  const choices = [...(found ?? [])];
  if (value && !choices.some((choice) => choice.value === value))
    choices.unshift({ value, label: valueName ?? "Something that is gone" });
  return (
    <Select
      label={label}
      value={value}
      data={choices}
      searchable
      onSearchChange={onTyped}
      filter={({ options }) => options}
      onChange={(next) => next && onChange(next)}
      allowDeselect={false}
      nothingFoundMessage={found ? `No ${noun} fits` : "Looking…"}
      placeholder="Choose…"
    />
  );
}

const messageWords = {
  live: "",
  "live-with-edits": " (live, with edits)",
  draft: " (draft, not live)",
  stopped: " (stopped)",
  archived: " (archived)",
} as const;

/** Chooses a message; says which ones are not live. */
export function MessagePicker(props: PickerProps) {
  const { search, onTyped } = useTyping(props.valueName);
  const list = useQuery(ask(messageRoutes.list, { query: { search, limit: 50 } }));
  const found = list.data?.items.map(({ id, name, state }) => ({
    value: id,
    label: `${name}${messageWords[state]}`,
  }));
  return <SearchPicker {...props} noun="message" found={found} onTyped={onTyped} />;
}

/** Chooses a segment. */
export function SegmentPicker(props: PickerProps) {
  const { search, onTyped } = useTyping(props.valueName);
  const list = useQuery(ask(segmentRoutes.list, { query: { search, limit: 50 } }));
  const found = list.data?.items.map(({ id, name }) => ({ value: id, label: name }));
  return <SearchPicker {...props} noun="segment" found={found} onTyped={onTyped} />;
}

/** Chooses an event. */
export function EventPicker(props: PickerProps) {
  const { search, onTyped } = useTyping(props.valueName);
  const list = useQuery(ask(eventRoutes.list, { query: { search, limit: 50 } }));
  const found = list.data?.items.map(({ id, name, state }) => ({
    value: id,
    label: state === "open" ? name : `${name} (${state})`,
  }));
  return <SearchPicker {...props} noun="event" found={found} onTyped={onTyped} />;
}

/** Chooses content settings; null means whichever are the default when sending. */
export function ContentSettingsPicker({
  value,
  onChange,
}: {
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
}) {
  const items = useQuery(ask(contentRoutes.list, {})).data?.items ?? [];
  const fallback = items.find(({ isDefault }) => isDefault);
  return (
    <Select
      label="Content settings"
      description="Sender, address, social links and pages of the messages of this journey."
      value={value ?? "default"}
      allowDeselect={false}
      data={[
        {
          value: "default",
          label: fallback ? `The default ones (now ${fallback.name})` : "The default ones",
        },
        ...items.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      onChange={(next) => onChange(next === "default" ? null : next)}
    />
  );
}

/** [J50] Chooses the route that the mail leaves by; null means whichever the weights say. */
export function RoutePicker({
  value,
  onChange,
}: {
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
}) {
  const routes = useQuery(ask(routeRoutes.list, {})).data?.items;
  const isGone = value !== null && routes?.every(({ id }) => id !== value) === true;
  return (
    <Select
      label="Route"
      description="What the mail of this journey leaves by."
      value={value ?? "by-weights"}
      allowDeselect={false}
      error={isGone ? "This route does not exist any more." : undefined}
      data={[
        { value: "by-weights", label: "Any route, by their weights" },
        ...(isGone ? [{ value, label: "A route that is gone" }] : []),
        ...(routes ?? []).map(({ id, name, isMailbox, trouble }) => ({
          value: id,
          label: `${name}${isMailbox ? " (reaches nobody)" : trouble ? " (in trouble now)" : ""}`,
        })),
      ]}
      onChange={(next) => onChange(next === "by-weights" ? null : next)}
    />
  );
}
