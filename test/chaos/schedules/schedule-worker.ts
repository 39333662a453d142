// Plays a share of the schedules in a process of its own and sends the tally home.
import { loadCore } from "../core.ts";
import { emptyTally, playSeeds } from "../tally.ts";

export interface Share {
  /** The task's source folder, with a slash at the end. */
  readonly core: string;
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** Small enough to show that something happens. */
const portion = 500;

async function work({ core: folder, first, step, count }: Share): Promise<void> {
  const core = await loadCore(folder);
  for (let done = 0; done < count; done += portion) {
    const size = Math.min(portion, count - done);
    const tally = await playSeeds(
      core,
      Array.from({ length: size }, (_, index) => first + (done + index) * step),
    );
    process.send?.(tally);
    if (tally.failures.length > 0) break;
  }
  process.send?.({ ...emptyTally(), done: true });
}

process.once("message", (share: Share) => {
  void work(share).then(() => process.disconnect());
});
