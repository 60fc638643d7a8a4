import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Rule } from "#core/segments/condition.ts";
import { parseCondition } from "#core/segments/text/parse.ts";
import { printCondition } from "#core/segments/text/print.ts";
import { CountInput } from "./CountInput.tsx";
import { conditionOf } from "./edit-condition.ts";
import type { RuleProps } from "./NotSelect.tsx";
import css from "./segments.module.css";

type Items = Extract<Rule, { kind: "items" }>;

/** The inputs of "so many objects of a list that …". What is asked of the objects is written as text. */
export function ItemsInputs({ rule, isNegated, schema, onChange }: RuleProps<Items>) {
  const change = (next: Items) => onChange(conditionOf({ isNegated, inner: next }));
  const lists = schema.fields.filter(({ type }) => type === "list");
  const isAny = rule.where.kind === "all" && rule.where.of.length === 0;
  const [where, setWhere] = useState(isAny ? "" : printCondition(rule.where, schema.catalog));
  const [problem, setProblem] = useState<string>();

  function read(text: string): void {
    setWhere(text);
    const suffix = text.trim() === "" ? "" : ` where ${text}`;
    const parsed = parseCondition(`count(${rule.field}${suffix}) >= 1`, schema.catalog);
    setProblem(parsed.ok ? undefined : parsed.error[0]?.message);
    if (parsed.ok && parsed.value.condition.kind === "items")
      change({ ...rule, where: parsed.value.condition.where });
  }

  return (
    <>
      <span className={css.glue}>{isNegated ? "not the case: has" : "has"}</span>
      <CountInput label="Items" count={rule.count} onChange={(count) => change({ ...rule, count })} />
      <span className={css.glue}>items in</span>
      <NativeSelect
        aria-label="List"
        value={rule.field}
        data={lists.map(({ key, label }) => ({ value: key, label }))}
        onChange={(event) => change({ ...rule, field: event.currentTarget.value })}
      />
      <span className={css.glue}>where</span>
      <TextInput
        aria-label="What is asked of each item"
        placeholder='anything, or: total > 50 and status = "paid"'
        miw={260}
        value={where}
        error={problem}
        onChange={(event) => read(event.currentTarget.value)}
      />
    </>
  );
}
