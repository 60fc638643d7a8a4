import { NativeSelect, Text } from "@mantine/core";
import type { Rule } from "#core/segments/condition.ts";
import { conditionOf } from "./edit-condition.ts";
import { InteractionInputs } from "./InteractionInputs.tsx";
import { ItemsInputs } from "./ItemsInputs.tsx";
import { NotSelect, type RuleProps } from "./NotSelect.tsx";
import { operatorIn, operatorsOf, testForField, testOf } from "./operators.ts";
import { ReferenceSelect } from "./ReferenceSelect.tsx";
import css from "./segments.module.css";
import { TestInput } from "./TestInput.tsx";

/** The inputs of one rule. */
export function RuleEditor(props: RuleProps) {
  const { rule, ...rest } = props;
  switch (rule.kind) {
    case "attribute":
      return <AttributeInputs rule={rule} {...rest} />;
    case "items":
      return <ItemsInputs rule={rule} {...rest} />;
    case "interaction":
      return <InteractionInputs rule={rule} {...rest} />;
    case "topic":
      return (
        <>
          <NotSelect words={["is subscribed to", "is not subscribed to"]} {...props} />
          <ReferenceSelect
            label="Topic"
            from={rest.schema.catalog.topic}
            value={rule.topicId}
            onChange={(topicId) =>
              topicId && rest.onChange(conditionOf({ ...rest, inner: { ...rule, topicId } }))
            }
          />
        </>
      );
    case "mailable":
      return <NotSelect words={["may be mailed", "must not be mailed"]} {...props} />;
    case "segment":
      return (
        <>
          <NotSelect words={["is in the segment", "is not in the segment"]} {...props} />
          <ReferenceSelect
            label="Segment"
            from={rest.schema.catalog.segment}
            value={rule.segmentId}
            onChange={(segmentId) =>
              segmentId && rest.onChange(conditionOf({ ...rest, inner: { ...rule, segmentId } }))
            }
          />
        </>
      );
    case "journey":
      return <JourneyInputs rule={rule} {...rest} />;
  }
}

function AttributeInputs({
  rule,
  isNegated,
  schema,
  onChange,
}: RuleProps<Extract<Rule, { kind: "attribute" }>>) {
  const field = schema.fields.find(({ key }) => key === rule.field);
  const fields = field
    ? schema.fields
    : [...schema.fields, { key: rule.field, label: `${rule.field} (unknown)` }];
  const operator = field && operatorIn(field.type, { test: rule.test, isNegated });
  return (
    <>
      <NativeSelect
        aria-label="Field"
        value={rule.field}
        data={fields.map(({ key, label }) => ({ value: key, label }))}
        onChange={(event) => {
          const next = schema.fields.find(({ key }) => key === event.currentTarget.value);
          if (!next) return;
          const test = testForField(next, rule.test);
          const keeps = operatorIn(next.type, { test, isNegated }) !== undefined;
          onChange(conditionOf({ isNegated: isNegated && keeps, inner: { ...rule, field: next.key, test } }));
        }}
      />
      {field && (
        <NativeSelect
          aria-label={`${field.label}: how`}
          value={operator?.key ?? ""}
          data={[
            ...(operator ? [] : [{ value: "", label: isNegated ? "not …" : "…" }]),
            ...operatorsOf(field.type).map(({ key, label }) => ({ value: key, label })),
          ]}
          onChange={(event) => {
            const next = operatorsOf(field.type).find(({ key }) => key === event.currentTarget.value);
            if (!next) return;
            const inner = { ...rule, test: testOf(next, rule.test) };
            onChange(conditionOf({ isNegated: next.isNegated, inner }));
          }}
        />
      )}
      {field && (
        <TestInput
          field={field}
          test={rule.test}
          onChange={(test) => onChange(conditionOf({ isNegated, inner: { ...rule, test } }))}
        />
      )}
    </>
  );
}

const journeyStates = [
  { value: "entered", label: "has entered", state: "entered", isNegated: false },
  { value: "not entered", label: "has not entered", state: "entered", isNegated: true },
  { value: "in", label: "is in", state: "in", isNegated: false },
  { value: "not in", label: "is not in", state: "in", isNegated: true },
  { value: "finished", label: "has finished", state: "finished", isNegated: false },
  { value: "not finished", label: "has not finished", state: "finished", isNegated: true },
] as const;

function JourneyInputs({ rule, isNegated, schema, onChange }: RuleProps<Extract<Rule, { kind: "journey" }>>) {
  const change = (next: typeof rule) => onChange(conditionOf({ isNegated, inner: next }));
  return (
    <>
      <NativeSelect
        aria-label="State"
        value={`${isNegated ? "not " : ""}${rule.state}`}
        data={journeyStates.map(({ value, label }) => ({ value, label }))}
        onChange={(event) => {
          const chosen = journeyStates.find(({ value }) => value === event.currentTarget.value);
          if (!chosen) return;
          onChange(conditionOf({ isNegated: chosen.isNegated, inner: { ...rule, state: chosen.state } }));
        }}
      />
      <ReferenceSelect
        label="Journey"
        from={schema.catalog.journey}
        value={rule.journeyId}
        onChange={(journeyId) => journeyId && change({ ...rule, journeyId })}
      />
      {rule.nodeId !== undefined && (
        <Text className={css.glue}>
          {rule.state === "in" ? "at" : "passing"} tile {rule.nodeId}
        </Text>
      )}
    </>
  );
}
