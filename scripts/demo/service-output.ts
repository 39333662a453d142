// Prints changes of container groups and agent records while the demo runs.
import type { Simulator } from "../../simulator/start-simulator.ts";

/** Who the two services are in the demo's output. */
export const AZURE = "azure";
export const AZURE_DEVOPS = "azure devops";

const PERIOD_MS = 100;

interface Seen {
  readonly who: string;
  readonly what: string;
  readonly state: string;
}

/** What both services have at this moment, in a few words each: as they see it, not as the task tells it. */
function seen({ arm, organization }: Simulator): Map<string, Seen> {
  const groups = arm.containerGroups().map(({ id, name, group }): [string, Seen] => {
    const { provisioningState, view } = group.deployment;
    const container = view === undefined || group.state === "Pending" ? "" : `, container ${group.state.toLowerCase()}`;
    const waits = arm.waiting({ id }) ? ", waits in the standby pool" : "";
    const state = group.deleting ? "being deleted" : `${provisioningState.toLowerCase()}${container}${waits}`;
    return [`group ${name}`, { who: AZURE, what: `container group ${name}`, state }];
  });
  const agents = organization.agents().map((agent): [string, Seen] => {
    const words = [
      agent.status,
      agent.assignedRequestId === undefined ? "idle" : `running job request ${agent.assignedRequestId}`,
    ];
    if (!agent.enabled) words.push("disabled");
    return [`agent ${agent.id}`, { who: AZURE_DEVOPS, what: `agent ${agent.name}`, state: words.join(", ") }];
  });
  return new Map([...groups, ...agents]);
}

/** Tells of every change of a container group or agent record until it is stopped. */
export function watchServices(simulator: Simulator, say: (who: string, text: string) => void): () => void {
  let before = seen(simulator);
  const look = (): void => {
    const now = seen(simulator);
    for (const [key, { who, what, state }] of now) if (before.get(key)?.state !== state) say(who, `${what}: ${state}`);
    for (const [key, { who, what }] of before) if (!now.has(key)) say(who, `${what}: gone`);
    before = now;
  };
  const timer = setInterval(look, PERIOD_MS);
  return () => {
    clearInterval(timer);
    look();
  };
}
