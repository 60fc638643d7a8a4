import { type ChangeEvent, type FormEvent, useCallback, useRef, useState } from "react";
import { issueOf, issuesOf, strayIssues } from "./form-issues.ts";
import { type ApiProblem, type Issue, problemOf } from "./problem.ts";

type KeysOf<Values, Wanted> = {
  [key in keyof Values & string]: Values[key] extends Wanted ? key : never;
}[keyof Values & string];

type TextEvent = ChangeEvent<HTMLInputElement | HTMLTextAreaElement>;

type Options<Values> = {
  readonly initial: Values;
  /** Sends the values. What it throws is shown: issues at their fields, the rest above the button. */
  readonly submit: (values: Values) => Promise<unknown>;
  /** Problems to find before asking the server; return none to go on. */
  readonly check?: (values: Values) => readonly Issue[];
  /** Empties the form once its values were taken, for forms that stay open. */
  readonly isClearedAfter?: boolean;
  /** Refusals that belong to one field: error code → field. The sentence is `facts.problem` if there is one. */
  readonly refusals?: Readonly<Record<string, keyof Values & string>>;
};

export type Form<Values extends Record<string, unknown>> = ReturnType<typeof useForm<Values>>;

/**
 * A form whose errors come from the server's problem answers and appear at their fields. Spread `form.props` on the
 * `<form>`, and `form.text("name")`, `form.check("isPublic")` or `form.value("role")` on the inputs.
 */
export function useForm<Values extends Record<string, unknown>>({
  initial,
  submit,
  check,
  refusals = {},
  isClearedAfter = false,
}: Options<Values>) {
  const [values, setValues] = useState(initial);
  const [saved, setSaved] = useState(initial);
  const [issues, setIssues] = useState<readonly Issue[]>([]);
  const [problem, setProblem] = useState<ApiProblem>();
  const [isSubmitting, setSubmitting] = useState(false);
  const element = useRef<HTMLFormElement>(null);

  const set = useCallback(<Key extends keyof Values & string>(key: Key, value: Values[Key]) => {
    setValues((before) => ({ ...before, [key]: value }));
    setIssues((before) => before.filter(({ path }) => path !== key && !path.startsWith(`${key}.`)));
  }, []);

  /** Takes new values as saved, for a form that stays open after the server's answer. */
  const reset = useCallback((next: Values) => {
    setValues(next);
    setSaved(next);
    setIssues([]);
    setProblem(undefined);
  }, []);

  function reject(found: readonly Issue[]): void {
    setIssues(found);
    requestAnimationFrame(() =>
      element.current?.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]')?.focus(),
    );
  }

  async function send(): Promise<void> {
    const found = check?.(values) ?? [];
    setProblem(undefined);
    if (found.length > 0) return reject(found);
    setSubmitting(true);
    try {
      await submit(values);
      if (isClearedAfter) reset(initial);
      else setSaved(values);
    } catch (error) {
      const failure = problemOf(error);
      const found = issuesOf(failure, refusals);
      setProblem(
        strayIssues(found, Object.keys(values)).length > 0 || found.length === 0 ? failure : undefined,
      );
      reject(found);
    } finally {
      setSubmitting(false);
    }
  }

  const field = (key: string) => ({ name: key, error: issueOf(issues, key) });
  return {
    values,
    issues,
    problem,
    isSubmitting,
    isDirty: JSON.stringify(values) !== JSON.stringify(saved),
    fields: Object.keys(values),
    set,
    reset,
    send,
    props: {
      ref: element,
      noValidate: true,
      onSubmit: (event: FormEvent) => {
        event.preventDefault();
        if (!isSubmitting) void send();
      },
    },
    /** For text inputs: value, change handler, name and error. */
    text: <Key extends KeysOf<Values, string>>(key: Key) => ({
      ...field(key),
      value: values[key],
      onChange: (event: TextEvent) => set(key, event.currentTarget.value as Values[Key]),
    }),
    /** For checkboxes and switches. */
    check: <Key extends KeysOf<Values, boolean>>(key: Key) => ({
      ...field(key),
      checked: values[key],
      onChange: (event: ChangeEvent<HTMLInputElement>) =>
        set(key, event.currentTarget.checked as Values[Key]),
    }),
    /** For inputs that hand over the value itself: selects, number, date and colour inputs. */
    value: <Key extends keyof Values & string>(key: Key) => ({
      ...field(key),
      value: values[key],
      onChange: (value: Values[Key] | null) => set(key, (value ?? initial[key]) as Values[Key]),
    }),
  };
}
