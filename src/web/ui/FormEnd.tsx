import { Alert, Button, Group, List } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { strayIssues } from "./form-issues.ts";
import type { ApiProblem, Issue } from "./problem.ts";

type AnyForm = {
  readonly problem: ApiProblem | undefined;
  readonly issues: readonly Issue[];
  readonly fields: readonly string[];
  readonly isSubmitting: boolean;
};

/** The end of a form: what went wrong that no field can show, then its one primary button. */
export function FormEnd({
  form,
  action,
  children,
}: {
  readonly form: AnyForm;
  readonly action: string;
  /** Secondary buttons, such as Cancel. */
  readonly children?: ReactNode;
}) {
  return (
    <>
      <FormProblem form={form} />
      <Group gap="sm">
        <Button type="submit" loading={form.isSubmitting}>
          {action}
        </Button>
        {children}
      </Group>
    </>
  );
}

/** Shows a refusal that no field could show in full. */
export function FormProblem({ form }: { readonly form: AnyForm }) {
  const { problem, issues, fields } = form;
  if (!problem) return null;
  const stray = strayIssues(issues, fields);
  return (
    <Alert
      role="alert"
      tabIndex={-1}
      color="red"
      icon={<IconAlertCircle aria-hidden size={18} />}
      title={problem.title}
    >
      {stray.length > 0 ? (
        <List size="sm">
          {stray.map(({ path, message }) => (
            <List.Item key={`${path}:${message}`}>{path ? `${path}: ${message}` : message}</List.Item>
          ))}
        </List>
      ) : (
        problem.help
      )}
    </Alert>
  );
}
