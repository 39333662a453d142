// The instance view of a container group: states and events in the service's own fields.

/** Something that happened, in the service's own field names (facts aci-azure-sdk §2.3). */
export interface GroupEvent {
  readonly count: number;
  readonly firstTimestamp: string;
  readonly lastTimestamp: string;
  readonly name: string;
  readonly message: string;
  readonly type: "Normal" | "Warning";
}

interface ContainerState {
  readonly state: "Waiting" | "Running" | "Terminated";
  readonly startTime?: string;
  readonly finishTime?: string;
  readonly exitCode?: number;
  readonly detailStatus: string;
}

/** Events by name and message; one that happens again counts up instead of being listed twice. */
export class Events {
  #events: GroupEvent[] = [];

  add(type: GroupEvent["type"], name: string, message: string): void {
    const now = seconds(new Date());
    const before = this.#events.find((event) => event.name === name && event.message === message);
    const event = {
      count: (before?.count ?? 0) + 1,
      firstTimestamp: before?.firstTimestamp ?? now,
      lastTimestamp: now,
    };
    this.#events = [...this.#events.filter((each) => each !== before), { ...event, name, message, type }];
  }

  /** A copy, so that who has it sees what was so when it was asked for. */
  list(): readonly GroupEvent[] {
    return [...this.#events];
  }
}

/** What can be seen of a container from outside; the endings are as recorded. */
export class ContainerView {
  readonly events: Events;
  restartCount = 0;
  currentState: ContainerState = { state: "Waiting", detailStatus: "" };
  previousState: ContainerState | undefined;

  /** @param before the container that this one follows in the same group: its events stay (recorded 2024-10-31). */
  constructor(before?: ContainerView) {
    this.events = before?.events ?? new Events();
  }

  running(): void {
    this.currentState = { state: "Running", startTime: new Date().toISOString(), detailStatus: "" };
  }

  /** @param exitCode missing for endings that the service shows without one (recorded 2021-03-29) */
  terminated(exitCode: number | undefined): void {
    const detailStatus = exitCode === 0 ? "Completed" : "Error";
    const { startTime = new Date().toISOString() } = this.currentState;
    const finishTime = new Date().toISOString();
    const code = exitCode === undefined ? {} : { exitCode };
    this.currentState = { state: "Terminated", startTime, ...code, finishTime, detailStatus };
  }

  /** Its machine is gone: neither an exit code nor a time (recorded 2021-03-29). */
  lost(): void {
    const { startTime = new Date().toISOString() } = this.currentState;
    this.currentState = { state: "Terminated", startTime, detailStatus: "Infrastructure Error" };
  }

  /** Somebody stopped the group: no exit code, no start time; what it was before is kept (recorded 2024-10-31). */
  stopped(): void {
    this.previousState = this.currentState;
    const finishTime = new Date().toISOString();
    this.currentState = { state: "Terminated", finishTime, detailStatus: "Container stopped per client request" };
  }

  restarting(): void {
    this.restartCount += 1;
    this.previousState = this.currentState;
    this.currentState = { state: "Waiting", detailStatus: "CrashLoopBackOff: Back-off restarting failed container" };
  }
}

function seconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
