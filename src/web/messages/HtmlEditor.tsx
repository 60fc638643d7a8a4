import { autocompletion, type Completion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { html } from "@codemirror/lang-html";
import { closePercentBrace, liquid } from "@codemirror/lang-liquid";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useImperativeHandle, useRef } from "react";
import type { EditorProblem } from "./editor-problems.ts";
import classes from "./messages.module.css";

/** Names that the editor offers while typing: top-level names, what is below them, and filters. */
export type EditorNames = {
  readonly variables: readonly string[];
  readonly below: Readonly<Record<string, readonly { readonly name: string; readonly detail: string }[]>>;
  readonly filters: readonly { readonly name: string; readonly detail: string }[];
};

/** What others may do with the editor: take a person to a place, put text where the cursor is. */
export type HtmlEditorHandle = {
  readonly goTo: (line: number, column: number) => void;
  readonly insert: (text: string) => void;
};

const colours = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket], color: "var(--code-tag)" },
  { tag: tags.attributeName, color: "var(--code-attribute)" },
  { tag: [tags.attributeValue, tags.string], color: "var(--code-string)" },
  { tag: [tags.keyword, tags.operator, tags.brace], color: "var(--code-logic)" },
  { tag: [tags.variableName, tags.propertyName], color: "var(--code-name)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
]);

function completions(names: EditorNames) {
  const option = ({ name, detail }: { name: string; detail: string }, type: string): Completion => ({
    label: name,
    detail,
    type,
  });
  return liquid({
    base: html(),
    variables: names.variables.map((label) => ({ label, type: "namespace" })),
    filters: names.filters.map((filter) => option(filter, "function")),
    properties: (path) => (names.below[path.join(".")] ?? []).map((field) => option(field, "property")),
  });
}

function diagnosticsOf(state: EditorState, problems: readonly EditorProblem[]): Diagnostic[] {
  return problems.map(({ line, column, severity, message }) => {
    const at = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
    const from = Math.min(at.from + Math.max(column - 1, 0), at.to);
    return { from, to: Math.max(from, Math.min(from + 1, at.to)), severity, message };
  });
}

type Props = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly names: EditorNames;
  readonly problems: readonly EditorProblem[];
  readonly handle?: React.Ref<HtmlEditorHandle>;
  readonly readOnly?: boolean;
};

/**
 * The code editor of a message: highlighting of HTML and Liquid, completion, problems in place. Lossless: what is
 * not touched comes back byte for byte. Escape then Tab leaves it by keyboard.
 */
export function HtmlEditor({ label, value, onChange, names, problems, handle, readOnly = false }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const change = useRef(onChange);
  const start = useRef(value);
  change.current = onChange;

  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: start.current,
        extensions: [
          lineNumbers(),
          highlightActiveLineGutter(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          closePercentBrace,
          highlightActiveLine(),
          highlightSelectionMatches(),
          lintGutter(),
          autocompletion(),
          completions(names),
          syntaxHighlighting(colours),
          EditorView.lineWrapping,
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
          keymap.of([
            ...defaultKeymap,
            ...historyKeymap,
            ...searchKeymap,
            ...completionKeymap,
            indentWithTab,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) change.current(update.state.sliceDoc());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      start.current = editor.state.sliceDoc();
      editor.destroy();
    };
  }, [label, names, readOnly]);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.sliceDoc() !== value)
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(editor.state, problems)));
  }, [problems]);

  useImperativeHandle(handle, () => ({
    goTo(line, column) {
      const editor = view.current;
      if (!editor) return;
      const at = editor.state.doc.line(Math.min(Math.max(line, 1), editor.state.doc.lines));
      const anchor = Math.min(at.from + Math.max(column - 1, 0), at.to);
      editor.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
      editor.focus();
    },
    insert(text) {
      const editor = view.current;
      if (!editor) return;
      editor.dispatch(editor.state.replaceSelection(text));
      editor.focus();
    },
  }));

  return <div ref={host} className={classes.editor} />;
}
