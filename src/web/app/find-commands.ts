export type Command = { readonly label: string; readonly href: string };

/** How well a label answers what was typed: 0 is best, undefined not at all. Every word typed must begin a word. */
function rank(label: string, typed: string): number | undefined {
  const lower = label.toLowerCase();
  const words = lower.split(/[^\p{L}\p{N}]+/u);
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (!wanted.every((want) => words.some((word) => word.startsWith(want)))) return undefined;
  return lower.startsWith(wanted[0] ?? "") ? 0 : 1;
}

/** The commands that answer what was typed, best first; all of them if nothing was. */
export function findCommands(commands: readonly Command[], typed: string): readonly Command[] {
  return commands
    .flatMap((command) => {
      const order = rank(command.label, typed);
      return order === undefined ? [] : [{ command, order }];
    })
    .sort((left, right) => left.order - right.order)
    .map(({ command }) => command);
}
