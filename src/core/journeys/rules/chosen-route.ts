import type { Finding } from "../../kernel/finding.ts";
import type { JourneyFacts } from "../check-graph.ts";
import type { Graph } from "../graph.ts";

/** [J50] The route that was chosen for the journey is there, and mail by it reaches people. */
export function chosenRoute(_graph: Graph, { route }: JourneyFacts): Finding[] {
  if (route === "missing")
    return [
      {
        code: "journey.route-missing",
        severity: "error",
        message: "The route that was chosen for the journey does not exist any more.",
        why: "Its mail could not leave.",
        fix: "Choose another route, or let the weights decide, in the settings of the journey.",
        where: { field: "settings" },
      },
    ];
  if (route === "mailbox")
    return [
      {
        code: "journey.route-is-mailbox",
        severity: "warning",
        message: "The journey sends to the test mailbox.",
        why: "Everything is shown there and reaches nobody.",
        fix: "Choose another route in the settings of the journey, unless you are only trying it out.",
        where: { field: "settings" },
      },
    ];
  return [];
}
