// Container groups as recordings have them: some take as long as groups in virtual networks did, all are shown as Creating
// until some seconds after their container runs, and events come late or never.
import type { ContainerGroupView } from "../../EphemeralAgentTask/src/ports.ts";
import { eventDisplays } from "../../simulator/containers/event-display.ts";
import { seededRandom } from "../../simulator/http/random.ts";
import { Pace } from "../../simulator/pace/pace.ts";
import type { World } from "../fakes/world.ts";

/** Of all groups, so many take the recorded time; the others are quick, so that faults strike at every stage. */
const slowShare = 0.3;

/**
 * Makes the world's host show groups so.
 * @param seed the same one gives the same times and events
 * @param mostMs longest start, in milliseconds, for schedules whose agents must come online in time
 */
export function showAsRecorded(world: World, seed: number, mostMs: number): void {
  const random = seededRandom(seed);
  const pace = new Pace("recorded", seed);
  const display = eventDisplays("recorded", seed);
  const { host, clock, behaviour } = world;
  const { create, get, list } = host;
  const quickMs = behaviour.bootMs;
  const drawn = new Map<string, { readonly shownFrom: number; readonly silent: boolean }>();

  host.create = (definition) => {
    // Out of a standby pool a group is there at once.
    if (definition.standby) {
      drawn.set(definition.name, { shownFrom: clock.now(), silent: display(true) === "never" });
      return create(definition);
    }
    const { pendingMs, pullMs, startMs, settleMs } = pace.timings(true);
    const recordedMs = pendingMs + pullMs + startMs;
    world.behaviour.bootMs = random() < slowShare && recordedMs + settleMs < mostMs ? recordedMs : quickMs;
    const shownFrom = clock.now() + world.behaviour.bootMs + settleMs;
    drawn.set(definition.name, { shownFrom, silent: display(true) === "never" });
    return create(definition);
  };
  const seen = (group: ContainerGroupView): ContainerGroupView => {
    const { shownFrom, silent } = drawn.get(group.name) ?? { shownFrom: 0, silent: false };
    const { container: _, ...hidden } = group;
    if (group.provisioningState === "Failed") return group;
    if (clock.now() < shownFrom) return { ...hidden, provisioningState: "Creating", events: [] };
    return silent ? { ...group, events: [] } : group;
  };
  host.get = async (name) => {
    const group = await get(name);
    return group && seen(group);
  };
  // Lists have no instance view, but the same provisioning state.
  host.list = async () =>
    (await list()).map((group) => ("events" in group ? seen(group as ContainerGroupView) : group));
}
