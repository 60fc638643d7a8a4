import { Checkbox, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import type { InteractionRule, TimeWindow } from "#core/segments/condition.ts";
import { CountInput } from "./CountInput.tsx";
import { DayInput } from "./DayInput.tsx";
import { conditionOf } from "./edit-condition.ts";
import { NotSelect, type RuleProps } from "./NotSelect.tsx";
import { type Loose, narrowed } from "./narrow-interaction.ts";
import { ReferenceSelect } from "./ReferenceSelect.tsx";
import css from "./segments.module.css";

const kinds: readonly { readonly value: string; readonly label: string }[] = [
  { value: "received", label: "receive" },
  { value: "open", label: "open" },
  { value: "click", label: "click in" },
  { value: "view", label: "view in the browser" },
  { value: "forward", label: "forward" },
  { value: "unsubscribe", label: "unsubscribe by" },
  { value: "bounce", label: "bounce" },
  { value: "complaint", label: "complain about" },
  { value: "registered", label: "register for" },
  { value: "registration-cancelled", label: "cancel the registration for" },
  { value: "form-submitted", label: "submit a form" },
];

/** The inputs of "did it, so often, in this time". */
export function InteractionInputs(props: RuleProps<InteractionRule>) {
  const { rule, isNegated, schema, onChange } = props;
  const change = (part: Partial<Loose>) =>
    onChange(conditionOf({ isNegated, inner: narrowed({ ...rule, ...part }) }));

  const isEvent = rule.interaction.startsWith("regist");
  const isCustom = rule.interaction.startsWith("x:");
  return (
    <>
      <NotSelect words={["did", "did not"]} {...props} />
      <NativeSelect
        aria-label="What"
        value={isCustom ? "x:" : rule.interaction}
        data={[...kinds, { value: "x:", label: "do the custom event" }]}
        onChange={(event) => change({ interaction: event.currentTarget.value })}
      />
      {isCustom && (
        <TextInput
          aria-label="Name of the custom event"
          placeholder="purchase"
          value={rule.interaction.slice(2)}
          onChange={(event) => change({ interaction: `x:${event.currentTarget.value}` })}
        />
      )}
      {isEvent && (
        <ReferenceSelect
          label="Event"
          from={schema.catalog.event}
          value={rule.eventId}
          any="any event"
          onChange={(eventId) => change({ eventId })}
        />
      )}
      {!isEvent && !isCustom && rule.interaction !== "form-submitted" && (
        <ReferenceSelect
          label="Message"
          from={schema.catalog.message}
          value={rule.messageId}
          any="any message"
          onChange={(messageId) => change({ messageId })}
        />
      )}
      {schema.catalog.journey.length > 0 && !isEvent && (
        <ReferenceSelect
          label="Journey"
          from={schema.catalog.journey}
          value={rule.journeyId}
          any="in any journey"
          onChange={(journeyId) => change({ journeyId })}
        />
      )}
      {rule.interaction === "click" && (
        <TextInput
          aria-label="Link: its address or label"
          placeholder="any link"
          value={rule.link ?? ""}
          onChange={(event) => change({ link: event.currentTarget.value })}
        />
      )}
      <CountInput label="Times" count={rule.count} onChange={(count) => change({ count })} />
      <span className={css.glue}>times</span>
      <WindowInputs window={rule.window} onChange={(window) => change({ window })} />
      {rule.interaction !== "received" && !isCustom && !isEvent && (
        <Checkbox
          label="machines count too"
          checked={rule.machines === true}
          onChange={(event) => change({ machines: event.currentTarget.checked ? true : undefined })}
        />
      )}
    </>
  );
}

function WindowInputs({
  window,
  onChange,
}: {
  readonly window: TimeWindow;
  readonly onChange: (window: TimeWindow) => void;
}) {
  const how = window.kind === "last" ? window.unit : window.kind;
  function choose(next: string): void {
    const amount = window.kind === "last" ? window.amount : 30;
    if (next === "ever") onChange({ kind: "ever" });
    if (next === "days" || next === "hours") onChange({ kind: "last", amount, unit: next });
    if (next === "between")
      onChange({ kind: "between", from: { daysFromToday: -30 }, to: { daysFromToday: 0 } });
  }
  return (
    <>
      <NativeSelect
        aria-label="When"
        value={how}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[
          { value: "ever", label: "ever" },
          { value: "days", label: "in the last days:" },
          { value: "hours", label: "in the last hours:" },
          { value: "between", label: "between" },
        ]}
      />
      {window.kind === "last" && (
        <NumberInput
          aria-label={`Number of ${window.unit}`}
          w={90}
          min={1}
          max={36_500}
          allowDecimal={false}
          value={window.amount}
          onChange={(amount) => onChange({ ...window, amount: Number(amount) || 0 })}
        />
      )}
      {window.kind === "between" && (
        <>
          <DayInput label="From" day={window.from} onChange={(from) => onChange({ ...window, from })} />
          <span className={css.glue}>and</span>
          <DayInput label="To" day={window.to} onChange={(to) => onChange({ ...window, to })} />
        </>
      )}
    </>
  );
}
