import { ActionIcon, Button, Menu, NativeSelect, Text } from "@mantine/core";
import { IconDots, IconPlus } from "@tabler/icons-react";
import type { Schema } from "#core/segments/check-condition.ts";
import type { Condition, Rule } from "#core/segments/condition.ts";
import { describeRule } from "#core/segments/describe.ts";
import {
  addTo,
  changeAt,
  conditionOf,
  type Group,
  type GroupKind,
  groupKindOf,
  isGroup,
  moveAt,
  type Place,
  partOf,
  withGroupKind,
} from "./edit-condition.ts";
import { newRules } from "./new-rule.ts";
import { RuleEditor } from "./RuleEditor.tsx";
import css from "./segments.module.css";

/** What every part of the builder works on: the whole condition, so that parts can move in it. */
export type Building = {
  readonly root: Condition;
  readonly schema: Schema;
  readonly problems: ReadonlyMap<object, string>;
  readonly onChange: (root: Condition) => void;
};

const kindWords: { readonly [kind in GroupKind]: string } = {
  all: "All of these",
  any: "At least one of these",
  none: "None of these",
  "not-all": "Not all of these",
};
const kinds = ["all", "any", "none", "not-all"] as const;

/** A group of rules and groups, with all that can be done to it by mouse and keyboard. */
export function GroupEditor({
  building,
  place,
  group,
  isNegated,
}: {
  readonly building: Building;
  readonly place: Place;
  readonly group: Group;
  readonly isNegated: boolean;
}) {
  const { root, onChange } = building;
  const kind = groupKindOf({ isNegated, inner: group });
  return (
    <section className={css.group} aria-label={place.length === 0 ? "Rules" : `Group: ${kindWords[kind]}`}>
      <div className={css.groupTop}>
        <NativeSelect
          aria-label="How the rules of this group go together"
          value={kind}
          data={kinds.map((value) => ({ value, label: kindWords[value] }))}
          onChange={(event) => {
            const next = kinds.find((each) => each === event.currentTarget.value);
            if (next) onChange(changeAt(root, place, () => withGroupKind(group, next)));
          }}
        />
        {place.length > 0 && <PartMenu building={building} place={place} name="group" />}
      </div>
      {group.of.length === 0 && (
        <Text size="sm" c="dimmed" my="xs">
          No rules yet: {group.kind === "all" ? "everyone" : "nobody"} fits.
        </Text>
      )}
      <ul className={css.parts}>
        {placed(group.of).map(({ part, index, key }) => (
          <PartEditor key={key} building={building} place={[...place, index]} part={part} />
        ))}
      </ul>
      <AddMenu building={building} place={place} />
    </section>
  );
}

/** Parts have no ids: what tells them apart is their place and what they are about. */
function placed(parts: readonly Condition[]) {
  return parts.map((part, index) => ({
    part,
    index,
    key: `${index} of ${parts.length} ${partOf(part).inner.kind}`,
  }));
}

function PartEditor({
  building,
  place,
  part,
}: {
  readonly building: Building;
  readonly place: Place;
  readonly part: Condition;
}) {
  const { isNegated, inner } = partOf(part);
  if (isGroup(inner))
    return (
      <li>
        <GroupEditor building={building} place={place} group={inner} isNegated={isNegated} />
      </li>
    );
  return <RuleRow building={building} place={place} rule={inner} isNegated={isNegated} />;
}

function RuleRow({
  building,
  place,
  rule,
  isNegated,
}: {
  readonly building: Building;
  readonly place: Place;
  readonly rule: Rule;
  readonly isNegated: boolean;
}) {
  const { root, schema, problems, onChange } = building;
  const problem = problems.get(rule);
  const words = describeRule(rule, schema, isNegated);
  return (
    <li>
      <fieldset className={css.rule} aria-label={words} data-wrong={problem !== undefined}>
        <div className={css.inputs}>
          <RuleEditor
            rule={rule}
            isNegated={isNegated}
            schema={schema}
            onChange={(next) => onChange(changeAt(root, place, () => next))}
          />
        </div>
        <PartMenu building={building} place={place} name="rule" />
        {problem && (
          <Text className={css.problem} role="status">
            {problem}
          </Text>
        )}
      </fieldset>
    </li>
  );
}

function PartMenu({
  building: { root, onChange },
  place,
  name,
}: {
  readonly building: Building;
  readonly place: Place;
  readonly name: "rule" | "group";
}) {
  const change = (how: (part: Condition) => Condition | undefined) => onChange(changeAt(root, place, how));
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`More for this ${name}`}>
          <IconDots aria-hidden size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onChange(moveAt(root, place, -1))}>Move up</Menu.Item>
        <Menu.Item onClick={() => onChange(moveAt(root, place, 1))}>Move down</Menu.Item>
        <Menu.Item onClick={() => change((part) => ({ kind: "any", of: [part] }))}>
          Put into a group
        </Menu.Item>
        <Menu.Item
          onClick={() =>
            change((part) => {
              const { isNegated, inner } = partOf(part);
              return conditionOf({ isNegated: !isNegated, inner });
            })
          }
        >
          Turn into its opposite
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item c="var(--tone-bad)" onClick={() => change(() => undefined)}>
          Remove {name}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function AddMenu({ building, place }: { readonly building: Building; readonly place: Place }) {
  const { root, schema, onChange } = building;
  const rules = newRules(schema);
  const groups = [...new Set(rules.map(({ group }) => group))];
  const add = (part: Condition) => onChange(addTo(root, place, part));
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<IconPlus aria-hidden size={14} />}>
          Add rule
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {groups.map((name) => (
          <div key={name}>
            <Menu.Label>{name}</Menu.Label>
            {rules
              .filter(({ group }) => group === name)
              .map(({ key, label, make }) => (
                <Menu.Item key={key} onClick={() => add(make())}>
                  {label}
                </Menu.Item>
              ))}
          </div>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => add({ kind: "any", of: [] })}>Group of rules</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
