import { type FaultRow, laterFeature } from "./fault-row.ts";

/** What goes wrong where the world comes in, and with the machine. */
export const faultsOfPages: readonly FaultRow[] = [
  {
    id: "F-48",
    injected: "A flood of hits",
    checked: "All are counted, redirects stay quick",
    tests: ["src/server/tracking/tracking.test.ts"],
  },
  {
    id: "F-49",
    injected: "The database is away while clicks, opens and unsubscribes arrive",
    checked: "Answered as usual, applied when it is back and before anything is sent",
    tests: [
      "test/faults/start-without-database.test.ts",
      "src/server/tracking/tracking.test.ts",
      "src/server/pages/pages.test.ts",
      "src/server/pages/opt-outs-after-outage.test.ts",
      "test/faults/full-disk-of-tracker.test.ts",
    ],
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
    notPlayed: laterFeature("webhooks to others"),
  },
  {
    id: "F-52",
    injected: "Yesterday's backup is restored, a machine is cloned",
    checked: "Sending is locked",
    tests: ["src/server/delivery/guard-identity.test.ts"],
  },
  {
    id: "F-53",
    injected: "A bounce mailbox that breaks off, repeats itself, holds poison",
    checked: "Idempotent, bounded",
    tests: ["src/server/feedback/mailbox/mailbox.test.ts"],
  },
  {
    id: "F-54",
    injected: "Several processes migrate at once",
    checked: "Each migration is applied once",
    tests: ["src/server/platform/migrations/migrate.test.ts"],
  },
  {
    id: "F-55",
    injected: "A segment that takes too long to count",
    checked: "Stopped, and says so",
    tests: ["src/server/segments/routes.test.ts"],
  },
  {
    id: "F-56",
    injected: "Poison in what is known of a contact",
    checked: "Data is never read as a template, no address ends its line",
    tests: ["src/core/template/hostile-template.test.ts", "src/server/senders/smtp/envelope.test.ts"],
  },
  {
    id: "F-57",
    injected: "A newer database at the start",
    checked: "Refused in one clear line, not touched",
    tests: ["src/server/platform/migrations/migrate.test.ts"],
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
    injected: "A process that may open few files (`--long`)",
    checked: "The route says so, mail leaves slowly, nobody is charged",
    tests: ["test/faults/few-files.long.ts"],
  },
  {
    id: "F-62",
    injected: "The log's reader stands still",
    checked: "Sending goes on",
    tests: ["test/faults/silent-log.test.ts"],
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
