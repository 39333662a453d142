// Reads a container's events and log every 10 seconds while the step waits for its agent, and prints what is wrong. Otherwise
// nobody would know for a long time: a listener that cannot reach the organization never gives up, and Azure repeats a failed
// pull for half an hour.
import { TaskError } from "../../errors.ts";
import type { Context } from "../context.ts";
import { eventTrouble } from "../explain.ts";
import { slowStart } from "../trouble.ts";
import type { Reading } from "../watch.ts";
import { quoted } from "./diagnose.ts";
import type { Hint } from "./hint.ts";
import { lastWords } from "./last-words.ts";

/** An agent that is part of the image is online sooner, so its log is never read. */
const everyMs = 10_000;

/** @returns a function to call with every reading. It reads the log in the background. */
export function peeking(context: Context, name: string, hint: Hint): (reading: Reading) => void {
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
    const { standing, group } = reading;
    if (standing.kind !== "starting") over = true;
    const shown = over ? undefined : (eventTrouble(group?.events ?? []) ?? slowStart(reading));
    if (shown) hint(shown);
    if (over || group?.container?.state !== "Running") return;
    const now = context.clock.now();
    next ??= now + everyMs;
    if (now < next) return;
    next = now + everyMs;
    void peek();
  };
}
