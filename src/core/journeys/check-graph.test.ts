import { describe, expect, test } from "vitest";
import { aGraph } from "#test/journeys.ts";
import { checkGraph, type JourneyFacts } from "./check-graph.ts";
import type { Graph } from "./graph.ts";

const now = new Date("2026-03-01T12:00:00Z");

const facts: JourneyFacts = {
  now,
  segments: new Map([["seg_1", { name: "New York", isArchived: false }]]),
  messages: new Map([["msg_1", { name: "Invite", isLive: true, findings: [] }]]),
  events: new Map([["evt_1", { name: "Gala", isOpen: true, endsAt: new Date("2026-04-01T00:00:00Z") }]]),
  conditionProblems: new Map(),
  hasContentSettings: true,
  route: "by-weights",
};

const start = { kind: "segment-start", segmentId: "seg_1", joinLater: false } as const;
const send = { kind: "send", messageId: "msg_1" } as const;
const end = { kind: "end" } as const;
const aWeek = { amount: 7, unit: "days" } as const;
const wait = { kind: "wait", until: { kind: "duration", duration: aWeek } } as const;
const registered = {
  kind: "trigger",
  happening: { kind: "registered", eventId: "evt_1" },
  timeout: aWeek,
} as const;

const good = aGraph({ start, invite: send, answer: registered, thanks: send, remind: send, end }, [
  "start next invite",
  "invite next answer",
  "answer yes thanks",
  "answer timeout remind",
  "thanks next end",
  "remind next end",
]);

/** The codes of all findings, with the tile they point at. */
function codes(graph: Graph, changed: Partial<JourneyFacts> = {}): string[] {
  return checkGraph(graph, { ...facts, ...changed }).map(
    ({ code, where }) => `${code}${where.nodeId ? ` at ${where.nodeId}` : ""}`,
  );
}

test("the invitation journey of the overview passes", () => {
  expect(checkGraph(good, facts)).toEqual([]);
});

describe("[J40] the start", () => {
  test("is needed", () => {
    expect(codes(aGraph({ end }, []))).toContain("journey.no-start");
  });
  test("is the only one", () => {
    expect(codes(aGraph({ start, other: start, end }, ["start next end", "other next end"]))).toEqual([
      "journey.several-starts at other",
      "journey.sends-nothing",
    ]);
  });
  test("comes first", () => {
    const graph = aGraph({ start, wait }, ["start next wait", "wait next start"]);
    expect(codes(graph)).toContain("journey.start-not-first at start");
  });
});

describe("[J41] exits", () => {
  test("that lead nowhere are named at their tile", () => {
    const graph = { ...good, edges: good.edges.filter(({ exit }) => exit !== "timeout") };
    expect(codes(graph)).toContain("journey.exit-open at answer");
  });
  test("that lead to a tile that is gone are found", () => {
    expect(codes(aGraph({ start, invite: send }, ["start next invite", "invite next gone"]))).toContain(
      "journey.edge-dead at invite",
    );
  });
  test("lead to one tile only", () => {
    expect(codes({ ...good, edges: [...good.edges, { from: "invite", exit: "next", to: "end" }] })).toContain(
      "journey.exit-doubled at invite",
    );
  });
});

test("[J42] a tile that nothing leads to is found, also inside an island", () => {
  const graph = aGraph({ start, end, left: wait, right: wait }, [
    "start next end",
    "left next right",
    "right next left",
  ]);
  expect(codes(graph)).toEqual([
    "journey.tile-unreachable at left",
    "journey.tile-unreachable at right",
    "journey.sends-nothing",
  ]);
});

describe("[J43] F-40: a loop", () => {
  const loop = (between: typeof wait | typeof registered | typeof send) =>
    aGraph({ start, invite: send, between, end }, ["start next invite", "invite next between"]);
  test("with a wait in it is fine", () => {
    const graph = loop(wait);
    expect(
      codes({ ...graph, edges: [...graph.edges, { from: "between", exit: "next", to: "invite" }] }),
    ).toEqual(["journey.tile-unreachable at end"]);
  });
  test("by a trigger's time-out is fine, by its yes exit it is not", () => {
    const { tiles, edges } = loop(registered);
    const edge = (exit: "yes" | "timeout", to: string) => ({ from: "between", exit, to });
    expect(codes({ tiles, edges: [...edges, edge("yes", "end"), edge("timeout", "invite")] })).toEqual([]);
    expect(codes({ tiles, edges: [...edges, edge("timeout", "end"), edge("yes", "invite")] })).toEqual([
      "journey.loop-without-wait at invite",
      "journey.loop-without-wait at between",
    ]);
  });
  test("around a date is not: the date may have passed", () => {
    const until = { kind: "wait", until: { kind: "date-time", at: "2026-03-05T09:00:00Z" } } as const;
    const graph = aGraph({ start, invite: send, until }, [
      "start next invite",
      "invite next until",
      "until next invite",
    ]);
    expect(codes(graph)).toContain("journey.loop-without-wait at until");
  });
});

describe("[J44] a tile", () => {
  test.each([
    ["start", { ...start, segmentId: null }],
    ["send", { ...send, messageId: null }],
    ["wait", { kind: "wait", until: { kind: "date-time", at: null } }],
    ["trigger", { ...registered, happening: { kind: "registered", eventId: null } }],
    ["trigger", { ...registered, happening: { kind: "opened", of: null } }],
    ["if", { kind: "if", condition: null }],
  ] as const)("of kind %s with something to choose is incomplete", (_name, tile) => {
    expect(codes(aGraph({ tile }, []))).toContain("journey.tile-incomplete at tile");
  });
  test("that watches a message sent only later is found", () => {
    const opened = {
      ...registered,
      happening: { kind: "opened", of: { kind: "tile", tileId: "invite" } },
    } as const;
    const graph = aGraph({ start, opened, invite: send, end }, [
      "start next opened",
      "opened yes invite",
      "opened timeout end",
      "invite next end",
    ]);
    expect(codes(graph)).toEqual(["journey.source-not-before at opened"]);
  });
  test("with a condition that does not fit says what is wrong with it", () => {
    expect(
      codes(good, { conditionProblems: new Map([["invite", ["There is no field “colour”."]]]) }),
    ).toEqual(["journey.condition-invalid at invite"]);
  });
});

describe("[J45] times", () => {
  const withWait = (amount: number, unit: "minutes" | "days") =>
    aGraph(
      {
        start,
        invite: send,
        wait: { kind: "wait", until: { kind: "duration", duration: { amount, unit } } },
        end,
      },
      ["start next invite", "invite next wait", "wait next end"],
    );
  test("of zero are errors", () => {
    expect(codes(withWait(0, "days"))).toEqual(["journey.duration-zero at wait"]);
  });
  test("of a minute and of a leap year are fine", () => {
    expect([...codes(withWait(1, "minutes")), ...codes(withWait(366, "days"))]).toEqual([]);
  });
  test("beyond a year are errors", () => {
    expect(codes(withWait(367, "days"))).toEqual(["journey.duration-absurd at wait"]);
  });
  test("that have passed are warned of", () => {
    const until = { kind: "wait", until: { kind: "date-time", at: "2026-02-28T09:00:00+01:00" } } as const;
    const findings = checkGraph(
      aGraph({ start, invite: send, until, end }, [
        "start next invite",
        "invite next until",
        "until next end",
      ]),
      facts,
    );
    expect(findings).toMatchObject([{ code: "journey.date-past", severity: "warning" }]);
  });
});

describe("[J46] a message", () => {
  test("that is not live is named at each tile that sends it", () => {
    const messages = new Map([["msg_1", { name: "Invite", isLive: false, findings: [] }]]);
    expect(codes(good, { messages })).toEqual([
      "journey.message-not-live at invite",
      "journey.message-not-live at thanks",
      "journey.message-not-live at remind",
    ]);
  });
  test("that fails its check in this journey's content settings is found, its warnings are not repeated", () => {
    const finding = (severity: "error" | "warning") => ({
      code: "message.address-missing",
      severity,
      message: "The physical address is missing.",
      why: "The law asks for it.",
      fix: "Add it.",
      where: { field: "html" },
    });
    const messages = new Map([
      ["msg_1", { name: "Invite", isLive: true, findings: [finding("error"), finding("warning")] }],
    ]);
    expect(codes(good, { messages })).toHaveLength(3);
    expect(checkGraph(good, { ...facts, messages })[0]?.message).toBe(
      "“Invite” in the content settings of this journey: The physical address is missing.",
    );
  });
});

describe("[J47] references", () => {
  test("to what is not there are found", () => {
    expect(codes(good, { segments: new Map(), events: new Map(), hasContentSettings: false })).toEqual([
      "journey.segment-missing at start",
      "journey.event-missing at answer",
      "journey.content-settings-missing",
    ]);
  });
  test("to an event that is over are warned of", () => {
    const events = new Map([["evt_1", { name: "Gala", isOpen: true, endsAt: now }]]);
    expect(codes(good, { events })).toEqual(["journey.event-not-open at answer"]);
  });
});

test("[J50] a chosen route that is gone blocks, and the test mailbox is warned of", () => {
  expect(codes(good, { route: "missing" })).toEqual(["journey.route-missing"]);
  expect(codes(good, { route: "mailbox" })).toEqual(["journey.route-is-mailbox"]);
  expect(codes(good, { route: "chosen" })).toEqual([]);
});
