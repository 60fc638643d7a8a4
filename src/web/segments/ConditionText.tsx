import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { List, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { Schema } from "#core/segments/check-condition.ts";
import { completeText } from "#core/segments/text/complete.ts";
import type { TextProblem } from "#core/segments/text/lex.ts";
import css from "./segments.module.css";

type Props = {
  readonly text: string;
  readonly problems: readonly TextProblem[];
  readonly schema: Schema;
  readonly isReadOnly: boolean;
  readonly onChange: (text: string) => void;
};

/** The text face of a condition: completion while typing, problems at their line and column. Tab leaves it. */
export function ConditionText({ text, problems, schema, isReadOnly, onChange }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const change = useRef(onChange);
  const start = useRef(text);
  change.current = onChange;

  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: start.current,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          lintGutter(),
          autocompletion({
            override: [
              ({ state, pos, explicit }) => {
                const { from, options } = completeText(state.sliceDoc(), pos, schema);
                if (options.length === 0 || (!explicit && from === pos && pos === 0)) return null;
                return { from, options: [...options] };
              },
            ],
          }),
          EditorView.lineWrapping,
          EditorState.readOnly.of(isReadOnly),
          EditorView.contentAttributes.of({ "aria-label": "Rules as text" }),
          keymap.of([...defaultKeymap, ...historyKeymap, ...completionKeymap]),
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
  }, [schema, isReadOnly]);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.sliceDoc() !== text)
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const end = editor.state.doc.length;
    const diagnostics = problems.map(({ offset, length, message, suggestion }) => ({
      from: Math.min(offset, end),
      to: Math.min(offset + length, end),
      severity: "error" as const,
      message: suggestion === null ? message : `${message} ${suggestion}`,
    }));
    editor.dispatch(setDiagnostics(editor.state, diagnostics));
  }, [problems]);

  return (
    <>
      <div ref={host} className={css.editor} />
      <div role="status">
        {problems.length > 0 && (
          <List size="sm" mt="xs">
            {problems.map(({ line, column, message, suggestion }) => (
              <List.Item key={`${line}:${column}:${message}`}>
                Line {line}, column {column}: {message} {suggestion !== null && <strong>{suggestion}</strong>}
              </List.Item>
            ))}
          </List>
        )}
      </div>
      <Text size="sm" c="dimmed" mt="xs">
        For example: city = "New York" and not clicked(last 30 days). Ctrl+Space offers what can follow.
      </Text>
    </>
  );
}
