import { NativeSelect } from "@mantine/core";
import type { Schema } from "#core/segments/check-condition.ts";
import type { Condition, Rule } from "#core/segments/condition.ts";
import { conditionOf } from "./edit-condition.ts";

/** What the inputs of any rule are given. */
export type RuleProps<Kind extends Rule = Rule> = {
  readonly rule: Kind;
  readonly isNegated: boolean;
  readonly schema: Schema;
  readonly onChange: (condition: Condition) => void;
};

/** Chooses between a rule and its opposite. */
export function NotSelect({
  words: [yes, no],
  rule,
  isNegated,
  onChange,
}: RuleProps & { readonly words: readonly [string, string] }) {
  return (
    <NativeSelect
      aria-label="Whether"
      value={isNegated ? "no" : "yes"}
      onChange={(event) =>
        onChange(conditionOf({ isNegated: event.currentTarget.value === "no", inner: rule }))
      }
      data={[
        { value: "yes", label: yes },
        { value: "no", label: no },
      ]}
    />
  );
}
