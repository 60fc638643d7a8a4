/** A form younger than this was not filled in by a person; one older than this is sent again. */
const leastSeconds = 2;
const mostHours = 24;

/** What a public form brings along so that programs are told from people without asking people anything. */
export type FormTraces = {
  /** The content of the field that people do not see. */
  readonly trap: string;
  /** When the form was made, from its signed time; undefined if the signature is wrong. */
  readonly madeAt: Date | undefined;
};

/** The name of the field that people do not see; tempting to programs. */
export const trapField = "website";
/** The name of the hidden field with the signed time. */
export const madeField = "made";

/** Says what to think of a filled-in form: "program" is answered as if all were well, "stale" is shown again. */
export function judgeForm(traces: FormTraces, now: Date): "person" | "program" | "too-quick" | "stale" {
  if (traces.trap !== "") return "program";
  if (!traces.madeAt) return "stale";
  const seconds = (now.getTime() - traces.madeAt.getTime()) / 1000;
  if (seconds < leastSeconds) return "too-quick";
  return seconds > mostHours * 3600 ? "stale" : "person";
}
