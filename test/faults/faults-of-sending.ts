import type { FaultRow } from "./fault-row.ts";

/** What goes wrong with processes and mail servers. */
export const faultsOfSending: readonly FaultRow[] = [
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
    notPlayed: "A mailing is over by the count of the ledger [D74]; nothing is marked, nobody is notified.",
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
];
