// Container groups as recordings have them: some take as long as groups in virtual networks did, all are shown as Creating
// until some seconds after their container runs, and events come late or never.
import type { ContainerGroupView, GroupEvent } from "../../../EphemeralAgentTask/src/ports.ts";
import { eventDisplays } from "../../../simulator/containers/event-visibility.ts";
import { seededRandom } from "../../../simulator/http/seeded-random.ts";
import { Pace } from "../../../simulator/pace/service-pace.ts";
import type { World } from "../../in-memory/world.ts";

/** Of all groups, so many take the recorded time; the others are quick, so that faults strike at every stage. */
const slowShare = 0.3;

/** What of their events the steps did not see of groups that they looked at. */
export interface HiddenEvents {
  /** Something had happened, and the group did not show it yet. */
  late: boolean;
  /** The group had come up, and showed nothing for good. */
  missing: boolean;
}

/** What is shown of one group, and from when, in milliseconds of the world's clock. */
interface Drawn {
  readonly happens: readonly (readonly [at: number, name: string])[];
  readonly shownFrom: number;
  readonly silent: boolean;
}

/**
 * Makes the world's host show groups so.
 * @param seed the same one gives the same times and events
 * @param mostMs longest start, in milliseconds, for schedules whose agents must come online in time
 * @returns what was hidden so far
 */
export function showAsRecorded(world: World, seed: number, mostMs: number): HiddenEvents {
  const random = seededRandom(seed);
  const pace = new Pace("recorded", seed);
  const display = eventDisplays("recorded", seed);
  const { host, clock, behaviour } = world;
  const { create, get, list } = host;
  const quickMs = behaviour.bootMs;
  const drawn = new Map<string, Drawn>();
  const hidden: HiddenEvents = { late: false, missing: false };

  host.create = (definition) => {
    const now = clock.now();
    // Out of a standby pool a group is there at once.
    if (definition.standby) {
      const happens = happening(now, [0, 0, 0]);
      drawn.set(definition.name, { happens, shownFrom: now, silent: display(true) === "never" });
      return create(definition);
    }
    const { pendingMs, pullMs, startMs, settleMs } = pace.timings(true);
    const recordedMs = pendingMs + pullMs + startMs;
    world.behaviour.bootMs = random() < slowShare && recordedMs + settleMs < mostMs ? recordedMs : quickMs;
    const { bootMs } = world.behaviour;
    const shares = [pendingMs, pendingMs + pullMs, recordedMs].map((ms) => (ms / recordedMs) * bootMs);
    const [happens, shownFrom] = [happening(now, shares), now + bootMs + settleMs];
    drawn.set(definition.name, { happens, shownFrom, silent: display(true) === "never" });
    return create(definition);
  };
  const seen = (group: ContainerGroupView): ContainerGroupView => {
    const { happens, shownFrom, silent } = drawn.get(group.name) ?? { happens: [], shownFrom: 0, silent: false };
    if (group.provisioningState === "Failed") return group;
    const happened = happens.filter(([at]) => at <= clock.now());
    if (clock.now() < shownFrom) {
      const { container: _, ...rest } = group;
      hidden.late ||= happened.length > 0;
      return { ...rest, provisioningState: "Creating", events: [] };
    }
    hidden.missing ||= silent;
    return { ...group, events: silent ? [] : [...happened.map(eventOf), ...group.events] };
  };
  host.get = async (name) => {
    const group = await get(name);
    return group && seen(group);
  };
  // Lists have no instance view, but the same provisioning state.
  host.list = async () =>
    (await list()).map((group) => ("events" in group ? seen(group as ContainerGroupView) : group));
  return hidden;

  function eventOf([at, name]: Drawn["happens"][number]): GroupEvent {
    const lastTimestamp = new Date(clock.date() - clock.now() + at).toISOString();
    return { name, type: "Normal", message: name, count: 1, lastTimestamp };
  }
}

/** @param after milliseconds from now to the events of a group that comes up */
const happening = (now: number, after: readonly number[]): Drawn["happens"] =>
  ["Pulling", "Pulled", "Started"].map((name, index) => [now + (after[index] ?? 0), name]);
