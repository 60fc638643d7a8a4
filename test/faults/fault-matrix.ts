/** One way in which the world goes wrong, what must hold all the same, and where that is proved. */
export type FaultRow = {
  readonly id: `F-${number}`;
  readonly injected: string;
  readonly checked: string;
} & (
  | {
      /** Files with a test whose title quotes the row. */
      readonly tests: readonly string[];
    }
  /** Why nothing plays it. */
  | { readonly notPlayed: string }
);

const laterFeature = (what: string) => `There is no such thing yet: ${what}.`;
const notYet = "Not played yet.";

/** Everything that is expected to go wrong; a guard test holds it against the titles of the tests. */
export const faultMatrix: readonly FaultRow[] = [
  {
    id: "F-01",
    injected: "SIGTERM in the middle of a mailing",
    checked: "Ends in time with exit code 0, nothing is in doubt, no journal is left",
    tests: ["test/faults/kill-sender.test.ts"],
  },
  {
    id: "F-02",
    injected: "SIGTERM, then kill -9, while a slow server owes its answers",
    checked: "At most one message a connection is in doubt, all others are exact",
    tests: ["test/faults/killed-at-stage.test.ts"],
  },
  {
    id: "F-03",
    injected: "kill -9 while an audience is built",
    checked: "Goes on where it was, without a double",
    notPlayed: "Every audience is put in line by one transaction.",
  },
  {
    id: "F-04",
    injected: "kill -9 after the lease, before the intent",
    checked: "Taken up by the next sender and sent once",
    tests: ["test/faults/killed-at-stage.test.ts"],
  },
  {
    id: "F-05",
    injected: "kill -9 while the answer to greeting, EHLO, MAIL, RCPT or DATA is owed",
    checked: "Sent once, nothing in doubt",
    tests: ["test/faults/killed-at-stage.test.ts"],
  },
  {
    id: "F-06",
    injected: "kill -9 while the answer to the dot is owed, or before it is committed",
    checked: "Answered: exact. Not answered: in doubt. Never twice",
    tests: ["test/faults/killed-at-stage.test.ts"],
  },
  {
    id: "F-07",
    injected: "The answer to a COMMIT is lost",
    checked: "The books are exact whether it was done or not",
    tests: ["test/faults/database-cuts.test.ts"],
  },
  {
    id: "F-08",
    injected: "kill -9 while a mailing is marked as finished",
    checked: "One notification",
    notPlayed: "A mailing is over when nothing is queued; nobody is notified.",
  },
  {
    id: "F-09",
    injected: "kill -9 again and again, 20,000 recipients",
    checked: "Ends; nobody twice; in doubt at most kills x connections",
    tests: ["test/faults/kill-sender.test.ts"],
  },
  {
    id: "F-10",
    injected: "A process that stands still beyond its lease and goes on",
    checked: "Writes no dot and no fate for what another one took over",
    tests: ["test/faults/kill-sender.test.ts"],
  },
  {
    id: "F-11",
    injected: "SIGSTOP beyond the lease, then SIGCONT",
    checked: "The same; what was on the wire is not sent again",
    tests: ["test/faults/kill-sender.test.ts"],
  },
  {
    id: "F-12",
    injected: "No connection, no greeting, 554 or 421 in place of it",
    checked: "The route rests visibly, nobody is charged",
    tests: ["test/faults/smtp-cuts.test.ts", "src/server/senders/smtp/open-connection.test.ts"],
  },
  {
    id: "F-13",
    injected: "4xx at each step, from the greeting to the dot",
    checked:
      "Before MAIL the route rests and nobody is charged; then put off, with the connection clean for the next one",
    tests: ["test/faults/smtp-answers.test.ts"],
  },
  {
    id: "F-14",
    injected: "5xx at each step",
    checked: "Recipient refused, mailing paused or route resting, by step; the next ones are not touched",
    tests: ["test/faults/smtp-answers.test.ts", "src/server/delivery/sender.test.ts"],
  },
  {
    id: "F-15",
    injected: "FIN and RST at each step, after each byte of the answers and along the content",
    checked: "Only unanswered dots are in doubt, nothing is doubled",
    tests: ["test/faults/smtp-cuts.test.ts"],
  },
  {
    id: "F-16",
    injected: "The acceptance comes late, or later than the time for it",
    checked: "Accepted; in doubt",
    tests: ["test/faults/smtp-answers.test.ts"],
  },
  {
    id: "F-17",
    injected: "Answers cut, doubled, endless, in Latin-1, with NUL, of 10 MB",
    checked: "Never taken for an acceptance of what did not arrive",
    tests: ["test/faults/smtp-answers.test.ts"],
  },
  {
    id: "F-18",
    injected: "An answer byte by byte; a server that takes no more bytes",
    checked: "Given up when its time is up",
    tests: ["test/faults/smtp-answers.test.ts"],
  },
  {
    id: "F-19",
    injected: "STARTTLS missing, with text behind it, with a bad certificate",
    checked: "No mail and no password in clear text where TLS is required",
    tests: ["src/server/senders/smtp/open-connection.test.ts"],
  },
  {
    id: "F-20",
    injected: "Everybody is greylisted at first",
    checked: "One delivery each, no bounce",
    tests: ["test/faults/smtp-answers.test.ts"],
  },
  {
    id: "F-21",
    injected: "421 after some messages on each connection",
    checked: "Nothing is lost, nobody is charged",
    tests: ["test/faults/smtp-answers.test.ts"],
  },
  {
    id: "F-22",
    injected: "RCPT is refused and DATA allowed all the same",
    checked: "A lone dot; answers belong to their own messages",
    tests: ["src/server/senders/smtp/connection.test.ts"],
  },
  {
    id: "F-23",
    injected: "A status report after the acceptance",
    checked: "Both facts are kept",
    tests: ["src/server/feedback/feedback.test.ts"],
  },
  {
    id: "F-24",
    injected: "A slow route with a long queue, and another mailing",
    checked: "It has its turn, and transactional mail passes",
    tests: ["src/server/delivery/several-routes.test.ts"],
  },
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
    notPlayed: notYet,
  },
  {
    id: "F-29",
    injected: "The journal's disk is full or becomes full; the journal cannot be made",
    checked: "Nothing is begun, the reason is shown, it goes on when there is room",
    tests: ["test/faults/full-disk.test.ts", "src/server/delivery/journal/journal.test.ts"],
  },
  {
    id: "F-30",
    injected: "A fail-over that lost the last commits",
    checked: "Sending is locked",
    notPlayed: notYet,
  },
  { id: "F-31", injected: "A slow database", checked: "Slower, no doubles", notPlayed: notYet },
  {
    id: "F-32",
    injected: "Password or rights at the database change",
    checked: "A clear reason",
    notPlayed: notYet,
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
    injected: "Unsubscribing, suppression, erasure while a mailing is on its way",
    checked: "Committed before the intent: not sent, and skipped for good",
    tests: ["test/faults/people.test.ts"],
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
    injected: "A journey is edited, paused or stopped while it runs",
    checked: "The pinned version goes on",
    notPlayed: notYet,
  },
  {
    id: "F-40",
    injected: "A journey that loops; many who wake at once",
    checked: "The loop is stopped",
    notPlayed: notYet,
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
    injected: "Waits beyond 2^31 milliseconds, until a past date",
    checked: "Due once",
    notPlayed: notYet,
  },
  { id: "F-45", injected: "A step over a change of the clocks", checked: "Once", notPlayed: notYet },
  {
    id: "F-46",
    injected: "Quiet hours against a limit",
    checked: "Skipped with the reason",
    notPlayed: laterFeature("quiet hours"),
  },
  {
    id: "F-47",
    injected: "The system was down over the time of a step",
    checked: "Late rather than never, once",
    tests: ["src/server/journeys/run-due-visits.test.ts"],
  },
  {
    id: "F-48",
    injected: "A flood of hits",
    checked: "All are counted, redirects stay quick",
    tests: ["src/server/tracking/tracking.test.ts"],
  },
  {
    id: "F-49",
    injected: "The database is away while clicks, opens and unsubscribes arrive",
    checked: "Answered as usual, applied when it is back",
    tests: ["src/server/tracking/tracking.test.ts", "src/server/pages/pages.test.ts"],
  },
  {
    id: "F-50",
    injected: "The tracker is killed while it answers; its file is torn, damaged, or flushed twice",
    checked: "Every answered hit counts once; a torn end is ignored, a damaged file is kept",
    tests: ["test/faults/tracker-killed.test.ts", "src/server/tracking/tracking.test.ts"],
  },
  {
    id: "F-51",
    injected: "A restart while a webhook is delivered",
    checked: "At least once",
    notPlayed: laterFeature("webhooks"),
  },
  {
    id: "F-52",
    injected: "Yesterday's backup is restored, a machine is cloned",
    checked: "Sending is locked",
    notPlayed: notYet,
  },
  {
    id: "F-53",
    injected: "A bounce mailbox that breaks off, repeats itself, holds poison",
    checked: "Idempotent, bounded",
    notPlayed: notYet,
  },
  {
    id: "F-54",
    injected: "Several processes migrate at once",
    checked: "Each migration is applied once",
    tests: ["src/server/platform/migrations/migrate.test.ts"],
  },
  {
    id: "F-55",
    injected: "A huge segment, a query of minutes",
    checked: "Memory stays flat",
    notPlayed: notYet,
  },
  {
    id: "F-56",
    injected: "Poison in what is known of a contact",
    checked: "Data is never read as a template, no address ends its line",
    tests: ["src/core/template/hostile-template.test.ts", "src/server/senders/smtp/envelope.test.ts"],
  },
  {
    id: "F-57",
    injected: "A wrong key, a newer database at the start",
    checked: "One clear line",
    notPlayed: notYet,
  },
  {
    id: "F-58",
    injected: "An import is killed half way",
    checked: "Every row is done once",
    tests: ["test/faults/import-killed.test.ts"],
  },
  {
    id: "F-59",
    injected: "Fifty register at once for five places",
    checked: "Five have one",
    tests: ["src/server/pages/pages.test.ts"],
  },
  {
    id: "F-60",
    injected: "An attachment vanished",
    checked: "The message is not made",
    notPlayed: laterFeature("attachments"),
  },
  {
    id: "F-61",
    injected: "No file handles, no ports, no name server",
    checked: "Back-pressure",
    notPlayed: notYet,
  },
  {
    id: "F-62",
    injected: "The log's reader stands still",
    checked: "Sending goes on",
    notPlayed: notYet,
  },
  {
    id: "F-63",
    injected: "Keys of tokens, and DKIM keys, are rotated while mail runs",
    checked: "Old links keep working; every message is signed and verifies",
    tests: ["src/server/tracking/tracking.test.ts", "test/faults/key-rotation.test.ts"],
  },
  {
    id: "F-64",
    injected: "A crash while an A/B winner is chosen",
    checked: "One winner",
    notPlayed: laterFeature("A/B tests"),
  },
  {
    id: "F-65",
    injected: "A tenant is deleted while its mail runs",
    checked: "Its mail ends",
    notPlayed: laterFeature("tenants"),
  },
  {
    id: "F-66",
    injected: "Twenty pauses and resumptions at random",
    checked: "Everybody once, figures exact",
    tests: ["test/faults/people.test.ts"],
  },
];
