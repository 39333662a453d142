// How a container of the in-memory world starts: what Azure shows of it, when its agent comes online, and its limits.
import { WorldRules } from "./world-rules.ts";
import { limitsOf, type MemoryGroup, type MemoryRecord, type Story } from "./world-state.ts";

export class WorldContainers extends WorldRules {
  private warn(group: MemoryGroup, name: string, message: string): void {
    const lastTimestamp = new Date(this.clock.date()).toISOString();
    group.events.push({ name, message, type: "Warning", count: 1, lastTimestamp });
  }

  /** What Azure does with a group that was asked for. */
  boot(group: MemoryGroup, bootMs = this.behaviour.bootMs): void {
    const { fate, definition } = group;
    this.clock.after(bootMs, () => {
      if (this.groups.get(definition.name) !== group) return;
      if (fate === "tells a story") {
        this.tell(group, this.behaviour.story ?? {});
        return;
      }
      if (fate === "cannot be placed" || fate === "image cannot be pulled") {
        group.provisioningState = "Failed";
        if (fate === "cannot be placed")
          this.warn(group, "InsufficientCapacity.", "The requested resource is not available.");
        else this.warn(group, "Failed", `Failed to pull image "${definition.image}": manifest unknown`);
        return;
      }
      group.provisioningState = "Succeeded";
      group.container = { state: "Running", restartCount: 0 };
      group.log = "starting the agent\n";
      if (fate === "crashes") this.endContainer(group, 1, "Error");
      else if (fate !== "never comes online") this.listen(group);
      this.watchdog(group);
    });
  }

  private tell(group: MemoryGroup, { provisioningState = "Succeeded", container, events = [], log = "" }: Story): void {
    const lastTimestamp = new Date(this.clock.date()).toISOString();
    group.provisioningState = provisioningState;
    if (container) group.container = container;
    group.events.push(...events.map((event) => ({ ...event, count: 1, lastTimestamp })));
    group.log = log;
  }

  /** The listener opens its session, with the detours of some fates. */
  private listen(group: MemoryGroup): void {
    const { fate, definition } = group;
    const known = this.recordOf(group);
    const record = known ?? this.registered(definition);
    if (!record) {
      this.endContainer(group, 0);
      return;
    }
    if (fate === "restarts before its job" || fate === "updates itself first") {
      this.clock.after(7_000, () => this.goOnline(group));
      return;
    }
    this.goOnline(group);
    if (fate === "dies while idle") {
      this.clock.after(3_000, () => {
        if (!record.assigned && !record.completed) this.kill(definition.name, 1, "Error");
      });
    }
  }

  /** The record that a container registers itself: its agent shows the pool the environment that it has. */
  private registered({ name, environment }: MemoryGroup["definition"]): MemoryRecord | undefined {
    if (!environment.AZP_AGENT_NAME) return undefined;
    const record = this.addRecord(name, {});
    record.systemCapabilities = { ...environment, "Agent.Name": name };
    return record;
  }

  private goOnline(group: MemoryGroup): void {
    const record = this.recordOf(group);
    if (!record || group.container?.state !== "Running") return;
    record.online = true;
    // The session brings the real ones.
    record.systemCapabilities = { ...group.definition.environment, "Agent.Name": record.name };
    this.match();
  }

  /** The start script's limits (design §4). */
  private watchdog(group: MemoryGroup): void {
    const { idle, lifetime } = limitsOf(group.definition);
    const running = () => this.groups.get(group.definition.name) === group && group.container?.state === "Running";
    this.clock.after(idle, () => {
      const record = this.recordOf(group);
      if (running() && !record?.assigned && !record?.completed) this.kill(group.definition.name, 0, "Completed");
    });
    this.clock.after(lifetime, () => running() && this.kill(group.definition.name, 0, "Completed"));
  }
}
