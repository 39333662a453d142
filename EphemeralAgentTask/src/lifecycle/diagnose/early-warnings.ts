// Reads a container's events and log every 10 seconds while the step waits for its agent, and prints what is wrong. Otherwise
// nobody would know for a long time: a listener that cannot reach the organization never gives up, and Azure repeats a failed
// pull for half an hour.
import { TaskError } from "../../errors/catalog.ts";
import { lastWords } from "../../errors/mapping/container-log-lines.ts";
import { eventFailure } from "../../errors/mapping/error-mapping.ts";
import type { Context } from "../step/step-context.ts";
import type { Reading } from "../watch/poll-agent.ts";
import { slowStart } from "./agent-failure.ts";
import { quoted } from "./diagnose-agent.ts";
import type { Hint } from "./progress-hints.ts";

/** An agent that is part of the image is online sooner, so its log is never read. */
const everyMs = 10_000;

/** @returns a function to call with every reading. It reads the log in the background. */
export function earlyWarnings(context: Context, name: string, hint: Hint): (reading: Reading) => void {
  let next: number | undefined;
  let over = false;

  async function peek(): Promise<void> {
    try {
      const words = lastWords(await context.host.log(name, 50));
      if (words?.code && !over) hint(new TaskError(words.code, quoted(words)));
    } catch {
      // The failure is reported when the log is shown at the end.
      over = true;
    }
  }

  return (reading) => {
    const { agentState, group } = reading;
    if (agentState.kind !== "starting") over = true;
    const shown = over ? undefined : (eventFailure(group?.events ?? []) ?? slowStart(reading));
    if (shown) hint(shown);
    if (over || group?.container?.state !== "Running") return;
    const now = context.clock.now();
    next ??= now + everyMs;
    if (now < next) return;
    next = now + everyMs;
    void peek();
  };
}
