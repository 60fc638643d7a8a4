import { Anchor, NativeSelect, SegmentedControl, Stack, Switch, Text } from "@mantine/core";
import { describeTile, type Names } from "#core/journeys/describe.ts";
import {
  type Graph,
  type Happening,
  happeningSchema,
  type Tile,
  type WaitUntil,
} from "#core/journeys/graph.ts";
import { paths } from "../app/paths.ts";
import { ConditionField } from "./ConditionField.tsx";
import { DurationField } from "./DurationField.tsx";
import { EventPicker, MessagePicker, SegmentPicker } from "./pickers.tsx";
import { emptyUntil, UntilField } from "./UntilField.tsx";

type TileOf<Kind extends Tile["kind"]> = Extract<Tile, { kind: Kind }>;
type FieldsProps<Kind extends Tile["kind"]> = {
  readonly tile: TileOf<Kind>;
  readonly graph: Graph;
  readonly names: Names;
  readonly timeZone: string;
  readonly onChange: (tile: TileOf<Kind>) => void;
};

/** What there is to choose for one tile. */
export function TileFields({ tile, ...rest }: FieldsProps<Tile["kind"]>) {
  switch (tile.kind) {
    case "segment-start":
      return <StartFields {...rest} tile={tile} />;
    case "send":
      return <SendFields {...rest} tile={tile} />;
    case "wait":
      return <WaitFields {...rest} tile={tile} />;
    case "trigger":
      return <TriggerFields {...rest} tile={tile} />;
    case "if":
      return (
        <ConditionField
          key={tile.id}
          value={tile.condition}
          onChange={(condition) => rest.onChange({ ...tile, condition })}
        />
      );
    case "end":
      return <Text size="sm">Contacts who come here have finished the journey.</Text>;
  }
}

function StartFields({ tile, names, onChange }: FieldsProps<"segment-start">) {
  return (
    <Stack gap="sm">
      <SegmentPicker
        label="Who enters: members of"
        value={tile.segmentId}
        valueName={names.segments[tile.segmentId ?? ""]?.name}
        onChange={(segmentId) => onChange({ ...tile, segmentId })}
      />
      <Switch
        label="Also those who join later"
        description="While the journey is live, new members enter within about a minute."
        checked={tile.joinLater}
        onChange={({ currentTarget }) => onChange({ ...tile, joinLater: currentTarget.checked })}
      />
    </Stack>
  );
}

function SendFields({ tile, names, timeZone, onChange }: FieldsProps<"send">) {
  const message = names.messages[tile.messageId ?? ""];
  const { expires, ...rest } = tile;
  const setExpiry = (until: WaitUntil | undefined) => onChange({ ...rest, ...(until && { expires: until }) });
  return (
    <Stack gap="sm">
      <MessagePicker
        label="Message"
        value={tile.messageId}
        valueName={message?.name}
        onChange={(messageId) => onChange({ ...tile, messageId })}
      />
      {tile.messageId && (
        <Anchor size="sm" href={paths.message({ id: tile.messageId })}>
          Open this message
        </Anchor>
      )}
      <NativeSelect
        label="Worth sending"
        description="A full mailbox or a slow server can delay it; after that it is skipped."
        value={expires?.kind ?? "always"}
        data={[
          { value: "always", label: "As long as delivery tries" },
          { value: "duration", label: "For a time" },
          { value: "date-time", label: "Until a date" },
        ]}
        onChange={({ currentTarget: { value } }) =>
          setExpiry(value === "always" ? undefined : emptyUntil(value))
        }
      />
      {expires && (
        <UntilField
          until={expires}
          labels={{ duration: "At most this late", date: "Not after" }}
          timeZone={timeZone}
          onChange={setExpiry}
        />
      )}
    </Stack>
  );
}

function WaitFields({ tile, timeZone, onChange }: FieldsProps<"wait">) {
  const { until } = tile;
  return (
    <Stack gap="sm">
      <SegmentedControl
        fullWidth
        aria-label="Kind of wait"
        value={until.kind}
        onChange={(kind) => onChange({ ...tile, until: emptyUntil(kind) })}
        data={[
          { value: "duration", label: "For a time" },
          { value: "date-time", label: "Until a date" },
        ]}
      />
      <UntilField
        until={until}
        labels={{ duration: "Wait", date: "Until" }}
        timeZone={timeZone}
        onChange={(next) => onChange({ ...tile, until: next })}
      />
    </Stack>
  );
}

const happeningWords = {
  registered: "registers for an event",
  opened: "opens a message",
  clicked: "clicks in a message",
  forwarded: "forwards a message",
} as const satisfies Record<Happening["kind"], string>;

function TriggerFields({ tile, graph, names, onChange }: FieldsProps<"trigger">) {
  const { happening } = tile;
  return (
    <Stack gap="sm">
      <NativeSelect
        label="Wait until the contact"
        value={happening.kind}
        data={Object.entries(happeningWords).map(([value, label]) => ({ value, label }))}
        onChange={({ currentTarget }) =>
          onChange({ ...tile, happening: emptyHappening(currentTarget.value) })
        }
      />
      {happening.kind === "registered" ? (
        <EventPicker
          label="Event"
          value={happening.eventId}
          valueName={names.events[happening.eventId ?? ""]?.name}
          onChange={(eventId) => onChange({ ...tile, happening: { kind: "registered", eventId } })}
        />
      ) : (
        <SourceField
          happening={happening}
          graph={graph}
          names={names}
          onChange={(next) => onChange({ ...tile, happening: next })}
        />
      )}
      <DurationField
        label="Or at most"
        value={tile.timeout}
        onChange={(timeout) => onChange({ ...tile, timeout })}
      />
      <Text size="sm" c="dimmed">
        Counts what people did since the message was sent, also before they came to this tile. Scanners and
        proxies do not count.
      </Text>
    </Stack>
  );
}

function emptyHappening(kind: string): Happening {
  const fromMessage = happeningSchema.safeParse({ kind, of: null });
  return fromMessage.success ? fromMessage.data : { kind: "registered", eventId: null };
}

type FromMessage = Exclude<Happening, { kind: "registered" }>;

function SourceField({
  happening,
  graph,
  names,
  onChange,
}: {
  readonly happening: FromMessage;
  readonly graph: Graph;
  readonly names: Names;
  readonly onChange: (happening: FromMessage) => void;
}) {
  const senders = graph.tiles.filter(({ kind }) => kind === "send");
  const { of } = happening;
  const value = of?.kind === "tile" ? `tile:${of.tileId}` : of ? "other" : "";
  return (
    <>
      <NativeSelect
        label="Which message"
        value={value}
        data={[
          { value: "", label: "Choose…", disabled: true },
          ...senders.map((tile) => ({
            value: `tile:${tile.id}`,
            label: tile.label || describeTile(tile, names, String),
          })),
          { value: "other", label: "Another message…" },
        ]}
        onChange={({ currentTarget: { value: chosen } }) => {
          if (chosen.startsWith("tile:"))
            onChange({ ...happening, of: { kind: "tile", tileId: chosen.slice(5) } });
          const first = Object.keys(names.messages)[0];
          if (chosen === "other" && first)
            onChange({ ...happening, of: { kind: "message", messageId: first } });
        }}
      />
      {of?.kind === "message" && (
        <MessagePicker
          label="Message"
          value={of.messageId}
          valueName={names.messages[of.messageId]?.name}
          onChange={(messageId) => onChange({ ...happening, of: { kind: "message", messageId } })}
        />
      )}
    </>
  );
}
