import { type FaultRow, laterFeature } from "./fault-row.ts";

/** What goes wrong with the database, among people and with time. */
export const faultsOfData: readonly FaultRow[] = [
  {
    id: "F-25",
    injected: "PostgreSQL restarted fast and at once, kill -9 under load, away at the start",
    checked: "The sender stays up, the books are exact",
    tests: ["test/faults/database-restarts.test.ts", "test/faults/database-cuts.test.ts"],
  },
  {
    id: "F-26",
    injected: "Sessions terminated at random; all connections cut again and again",
    checked: "The books are exact, nothing is in doubt",
    tests: ["test/faults/database-cuts.test.ts"],
  },
  {
    id: "F-27",
    injected: "A pool of one connection",
    checked: "Waits, and charges nobody",
    tests: ["test/faults/database-cuts.test.ts"],
  },
  {
    id: "F-28",
    injected: "Deadlock, serialisation failure, lock and statement time-outs",
    checked: "The whole transaction is tried again",
    tests: ["test/faults/database-trouble.test.ts"],
  },
  {
    id: "F-29",
    injected: "The journal's disk is full or becomes full; the journal cannot be made",
    checked: "Nothing is begun, the reason is shown, it goes on when there is room",
    tests: ["test/faults/full-disk.test.ts", "src/server/delivery/journal/journal.test.ts"],
  },
  {
    id: "F-30",
    injected: "A fail-over, or a restored backup, that lost the last commits",
    checked: "Sending is locked",
    tests: ["src/server/delivery/guard-identity.test.ts"],
  },
  {
    id: "F-31",
    injected: "A slow database",
    checked: "Slower, no doubles",
    tests: ["test/faults/database-trouble.test.ts"],
  },
  {
    id: "F-32",
    injected: "Password or rights at the database change",
    checked: "The server's own words are said, and it goes on once they are given back",
    tests: ["test/faults/database-trouble.test.ts"],
  },
  {
    id: "F-33",
    injected: "A route is edited while it carries mail",
    checked: "Applied without a restart, nobody is skipped",
    tests: ["test/faults/people.test.ts"],
  },
  {
    id: "F-34",
    injected: "Two and ten senders at once, two schedulers; all sending is stopped meanwhile",
    checked: "They share the work and never a recipient; all stop within two seconds",
    tests: [
      "test/faults/many-senders.test.ts",
      "src/server/delivery/sender.test.ts",
      "src/server/journeys/exactly-once.test.ts",
    ],
  },
  {
    id: "F-35",
    injected: "A template without end",
    checked: "Refused when it is read, or stopped by its limits",
    notPlayed: "The template language has no loop without end; its limits are tested in core/template.",
  },
  {
    id: "F-36",
    injected:
      "Unsubscribing by click or page, complaint, withdrawal, suppression, erasure while a mailing is on its way",
    checked: "Committed before the intent: not sent, and skipped for good",
    tests: ["test/faults/wishes.test.ts", "test/faults/people.test.ts"],
  },
  {
    id: "F-37",
    injected: "The address is edited between line and intent; the contact is deleted",
    checked: "Sent to the address of the intent, judged by that one; nobody gets a copy under the old one",
    tests: ["test/faults/people.test.ts"],
  },
  {
    id: "F-38",
    injected: "A message is edited while it is live",
    checked: "The live version never changes",
    tests: ["src/server/messages/messages.test.ts"],
  },
  {
    id: "F-39",
    injected: "A journey is paused or stopped, or a message of it edited, while it runs",
    checked: "The pinned version goes on; what is held or cut off is said",
    tests: ["src/server/journeys/routes.test.ts"],
  },
  {
    id: "F-40",
    injected: "A journey that loops without a wait",
    checked: "It does not go live",
    tests: ["src/core/journeys/check-graph.test.ts"],
  },
  {
    id: "F-41",
    injected: "Events in the wrong order, doubled, late",
    checked: "No double branch",
    notPlayed: laterFeature("events from outside"),
  },
  {
    id: "F-42",
    injected: "The application's clock is far from the database's",
    checked: "Nothing early, nothing stuck",
    tests: ["test/faults/clocks.test.ts"],
  },
  {
    id: "F-43",
    injected: "Hours that clocks skip or repeat",
    checked: "The first valid instant, once",
    tests: ["src/core/journeys/wall-time.test.ts"],
  },
  {
    id: "F-44",
    injected: "Waits beyond 2^31 milliseconds",
    checked: "Due once",
    tests: ["src/server/journeys/run-due-visits.test.ts"],
  },
  {
    id: "F-45",
    injected: "A step over a change of the clocks",
    checked: "Once",
    tests: ["src/server/journeys/run-due-visits.test.ts"],
  },
  {
    id: "F-46",
    injected: "Quiet hours against a limit",
    checked: "Skipped with the reason",
    notPlayed: laterFeature("quiet hours"),
  },
  {
    id: "F-47",
    injected: "The system was down over the time of a step",
    checked: "Within the grace it is sent; else it waits for a person, once",
    tests: ["src/server/journeys/planned-sends.test.ts", "src/server/delivery/hold-late.test.ts"],
  },
];
