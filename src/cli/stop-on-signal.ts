import type { Screen } from "./screen.ts";

const patienceMs = 30_000;
const parentCheckMs = 500;

/**
 * Stops in order on Ctrl-C, SIGTERM or a closed terminal: finish what is under way, the database last. npm passes a
 * Ctrl-C on that the terminal has sent already, so a second one is no hurry; after 30 seconds the process ends anyway.
 */
export function stopOnSignal(screen: Screen, stopAll: () => Promise<void>): { readonly ready: () => void } {
  let isStopping = false;
  let isReady = false;
  let isAsked = false;

  async function stop(): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    screen.say("Stopping …");
    const timer = setTimeout(() => {
      screen.say("Something did not stop in 30 seconds; ending anyway. The next start repairs what is left.");
      process.exit(1);
    }, patienceMs);
    try {
      await stopAll();
      screen.say("Stopped.");
      process.exitCode = 0;
    } catch (error) {
      console.error(error);
      process.exitCode = 1;
    }
    clearTimeout(timer);
    process.exit();
  }

  const ask = () => {
    isAsked = true;
    // Half started is not stoppable in order: the start comes to its end first.
    if (isReady) void stop();
  };

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, ask);
  // npm that is told to end takes its shell with it, but the signal does not reach us: we only lose our parent.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event !== undefined)
    setInterval(() => process.ppid !== parent && ask(), parentCheckMs).unref();
  return {
    ready() {
      isReady = true;
      if (isAsked) void stop();
    },
  };
}
