import { Button, Text, VisuallyHidden } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { Panel } from "../ui/Panel.tsx";
import css from "./FirstSteps.module.css";
import type { Step } from "./next-steps.ts";

/** The first steps as a list: those done are ticked, the next one has the button. */
export function FirstSteps({ steps }: { readonly steps: readonly Step[] }) {
  const next = steps.findIndex(({ isDone }) => !isDone);
  const done = steps.filter(({ isDone }) => isDone).length;
  return (
    <Panel title="First steps" lead={`${done} of ${steps.length} done`}>
      <ol className={css.steps}>
        {steps.map((step, place) => (
          <li
            key={step.title}
            className={css.step}
            data-state={step.isDone ? "done" : place === next ? "next" : "later"}
          >
            <span className={css.mark} aria-hidden>
              {step.isDone ? <IconCheck size={16} /> : place + 1}
            </span>
            <div className={css.words}>
              <Text fw={600}>
                {place === next ? step.title : <a href={step.href}>{step.title}</a>}
                {step.isDone && <VisuallyHidden>, done</VisuallyHidden>}
              </Text>
              <Text size="sm" c="dimmed">
                {step.why}
              </Text>
            </div>
            {place === next && (
              <Button component="a" href={step.href}>
                {step.action}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
