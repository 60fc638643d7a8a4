import { madeField, trapField } from "./form-guard.ts";
import { type Html, html } from "./html.ts";

/** The two fields by which `judgeForm` tells programs from people. */
export function guardFields(made: string): Html {
  return html`<input type="hidden" name="${madeField}" value="${made}">
<div class="trap" aria-hidden="true"><label>Leave this empty <input name="${trapField}" tabindex="-1" autocomplete="off"></label></div>`;
}

export type Field = {
  readonly name: string;
  readonly label: string;
  readonly type?: "text" | "email";
  readonly value?: string;
  readonly autocomplete?: string;
  readonly isRequired?: boolean;
  readonly problem?: string | undefined;
};

/** A labelled text field, with its problem where a screen reader finds it. */
export function textField(field: Field): Html {
  const { name, label, type = "text", value = "", autocomplete = "off", isRequired, problem } = field;
  return html`<div class="field">
<label for="${name}">${label}</label>
${
  problem
    ? html`<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}" aria-invalid="true" aria-describedby="${name}-problem">
<p class="problem" id="${name}-problem">${problem}</p>`
    : isRequired
      ? html`<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}" required>`
      : html`<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}">`
}
</div>`;
}

/** A box to tick with a name and an explanation. */
export function choice(box: {
  readonly name: string;
  readonly title: string;
  readonly text: string;
  readonly isChecked: boolean;
}): Html {
  const { name, title, text, isChecked } = box;
  const input = isChecked
    ? html`<input type="checkbox" id="${name}" name="${name}" value="on" checked>`
    : html`<input type="checkbox" id="${name}" name="${name}" value="on">`;
  return html`<label class="choice" for="${name}">${input}<span><b>${title}</b>${text !== "" && html`<span>${text}</span>`}</span></label>`;
}

/** A short message above a form. `tone` "bad" says that something has to be done. */
export function notice(tone: "good" | "bad", title: string, text = ""): Html {
  const body = html`<p><b>${title}</b></p>${text !== "" && html`<p>${text}</p>`}`;
  return tone === "bad"
    ? html`<div class="notice bad" role="alert">${body}</div>`
    : html`<div class="notice" role="status">${body}</div>`;
}
