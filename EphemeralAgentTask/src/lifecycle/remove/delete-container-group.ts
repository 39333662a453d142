// Deletes a container group and waits until it is gone.
import { type ErrorCode, TaskError } from "../../errors/catalog.ts";
import { toTaskError } from "../../errors/mapping/error-mapping.ts";
import type { Context } from "../step/step-context.ts";
import { unseenMs } from "../step/wait-until-visible.ts";

const goneLimitMs = 180_000;

/** Azure takes some seconds for a deletion, and shows the group for some more. */
const resendMs = 15_000;

/** Pauses between reads of a group that is being deleted: short at first, doubled each time. */
const firstLookMs = 125;
const longestPauseMs = 1_000;

/**
 * Deletes a container group, and sees that it is gone. Whether a job needs it must be known before. A deletion that has no
 * effect is sent again, and so is one that came before Azure showed what it had just made.
 * @param beforeAgain called before a deletion is sent again: the container has gone on meanwhile
 * @param meanwhile called once a second, at first more often, while Azure still shows the group
 * @throws `TaskError` EA801 when it stays; `ServiceFault`; `Cancelled`; what the callbacks throw
 */
export async function deleteGroup(
  context: Context,
  name: string,
  beforeAgain: () => Promise<void> = async () => undefined,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<void> {
  const { clock, host, say, signal, consistency } = context;
  // What was seen before its deletion, and is not after it, is gone; what was made just now may only not be shown yet.
  if (consistency.groupMayBeUnseen(name)) await host.get(name);
  const began = clock.now();
  let sent = began;
  let answer = await host.remove(name);
  for (let pauseMs = firstLookMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const shown = (await host.get(name)) !== undefined;
    const settled = !consistency.groupMayBeUnseen(name) || clock.now() - began >= unseenMs;
    if (!shown && settled) break;
    if (shown) await meanwhile();
    if (shown && (answer === "absent" || clock.now() - sent >= resendMs)) {
      await beforeAgain();
      sent = clock.now();
      answer = await host.remove(name);
    }
    if (clock.now() - began > goneLimitMs) {
      throw new TaskError(
        "EA801",
        `Azure still shows container group '${name}' ${goneLimitMs / 1000} s after its deletion.`,
      );
    }
    await clock.sleep(pauseMs, signal);
  }
  if (answer === "removed") say(`${name}: container group deleted`);
  else
    say(
      `${name}: ${consistency.groupSeen(name) ? "container group was already deleted" : "no container group to delete"}`,
    );
}

/** What keeps a group for good: no retry and no role helps, only the owner of what the cause names. */
const keepers: Readonly<Partial<Record<ErrorCode, string>>> = {
  EA214: "a policy prevents",
  EA216: "a deny assignment prevents",
  EA218: "a lock prevents",
  EA219: "its disabled subscription prevents",
};

/**
 * A group that Azure keeps is stopped, where that is allowed, so that it costs nothing. The deployment was good all the same.
 * @param error of the deletion
 * @param onKept told what keeps it
 * @throws `error`, when it says something else
 */
export async function leaveKept(
  context: Context,
  name: string,
  error: unknown,
  onKept: (error: TaskError) => void,
): Promise<void> {
  const explained = toTaskError(error);
  if (!(explained instanceof TaskError)) throw error;
  const { code, reason } = explained;
  if (code === "EA220") {
    context.say(`${name}: container group goes with its resource group, which is being deleted`);
    return;
  }
  const keeper = keepers[code];
  if (keeper === undefined) throw error;
  await context.host.stop(name).catch(() => undefined);
  context.say(`${name}: container group stays: ${keeper} its deletion`);
  onKept(new TaskError(code === "EA218" ? code : "EA806", `container group '${name}' stays. ${reason}`));
}
