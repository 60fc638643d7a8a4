import { type Finding, passes } from "../../kernel/finding.ts";
import type { JourneyFacts } from "../check-graph.ts";
import type { Graph } from "../graph.ts";

/** [J46] Every message is live, and passes its own check in this journey's content settings. */
export function messagesNotReady(graph: Graph, facts: JourneyFacts): Finding[] {
  const sends = graph.tiles.filter((tile) => tile.kind === "send");
  if (sends.length === 0 && graph.tiles.length > 0)
    return [
      {
        code: "journey.sends-nothing",
        severity: "warning",
        message: "The journey sends no message.",
        why: "Contacts travel it without hearing from you.",
        fix: "Add a send tile.",
        where: { field: "journey" },
      },
    ];
  return sends.flatMap(({ id, messageId }) => (messageId ? notReady(id, messageId, facts) : []));
}

function notReady(nodeId: string, messageId: string, facts: JourneyFacts): Finding[] {
  const message = facts.messages.get(messageId);
  const where = { field: "journey", nodeId };
  if (!message)
    return [
      {
        code: "journey.message-missing",
        severity: "error",
        message: "The message does not exist any more.",
        why: "The tile has nothing to send.",
        fix: "Choose another message.",
        where,
      },
    ];
  if (!message.isLive)
    return [
      {
        code: "journey.message-not-live",
        severity: "error",
        message: `The message “${message.name}” is not live.`,
        why: "Only a live message can be sent, because it was checked and will not change.",
        fix: "Open the message and go live with it.",
        where,
      },
    ];
  if (passes(message.findings)) return [];
  return message.findings
    .filter(({ severity }) => severity === "error")
    .map((finding) => ({
      code: "journey.message-check-failed",
      severity: "error",
      message: `“${message.name}” in the content settings of this journey: ${finding.message}`,
      why: finding.why,
      fix: finding.fix,
      where,
    }));
}
