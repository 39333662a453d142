// Open points of a container with an agent in it, from its creation to its end.
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { containerGroup } from "../../EphemeralAgentTask/src/plan/agent-and-container-group.ts";
import type { ContainerGroupView } from "../../EphemeralAgentTask/src/ports.ts";
import { groupPath, refusalOf } from "./azure-points.ts";
import { notTried, type Point, seen } from "./point.ts";
import type { Bench } from "./smoke-test-resources.ts";

const periodMs = 1_000;
const limitMs = 5 * 60_000;

/** Looks again and again until there is something to see. @returns undefined when the time is over */
async function until<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (const end = Date.now() + limitMs; ; await delay(periodMs)) {
    const found = await look();
    if (found !== undefined || Date.now() > end) return found;
  }
}

/** Asks for the container group of the bench's agent, as a `create` step does. */
async function createGroup(bench: Bench): Promise<ContainerGroupView | undefined> {
  const { settings, plan, pool, host, location, dnsServers, made } = bench;
  const { agent, agentPackage } = made;
  if (agent === undefined || agentPackage === undefined) return undefined;
  const entrypoint = readFileSync(new URL("../../agent-image/entrypoint.sh", import.meta.url), "utf8");
  const placement = { ...settings.placements[0], location, dnsServers };
  const parts = { settings, plan, agent, agentPackage, placement, entrypoint, poolName: pool.name };
  made.group = true;
  return host.create(containerGroup({ ...parts, registry: undefined }));
}

export function containerPoints(bench: Bench): readonly Point[] {
  const { host, pool, plan, wire, made } = bench;
  const noContainer = notTried("There is no container group.");
  const ended = async () => {
    const group = await host.get(plan.name);
    return group?.container?.state === "Terminated" ? group.container : undefined;
  };
  return [
    {
      id: "D5",
      what: "A secret volume with the start script and the agent's files, some 20 kB",
      expected: "accepted",
      look: async () => {
        const group = await createGroup(bench);
        return group === undefined
          ? notTried("There is no agent record.")
          : seen(true, `accepted: ${group.provisioningState}`);
      },
    },
    {
      id: "H9",
      what: "Stopping a container group that is still being created",
      expected: "409 ContainerGroupTransitioning",
      look: async () => {
        if (!made.group) return noContainer;
        const saw = refusalOf(await wire.arm("POST", groupPath(bench, plan.name, "/stop")));
        return seen(saw === "409 ContainerGroupTransitioning", saw);
      },
    },
    {
      id: "A1",
      what: "An agent runs from its three files alone",
      expected: "it comes online",
      look: async () => {
        const { agent } = made;
        if (!made.group || agent === undefined) return noContainer;
        const began = Date.now();
        const online = await until(async () => ((await pool.get(agent.id))?.online ? true : undefined));
        return seen(
          online === true,
          online ? `online after ${Math.round((Date.now() - began) / 1000)} s` : "not online",
        );
      },
    },
    {
      id: "B4",
      what: "A listener whose record is deleted while it waits",
      expected: "the record goes; the listener and its container end by themselves, exit code 0",
      look: async () => {
        if (!made.group || made.agent === undefined) return noContainer;
        const removed = await pool.remove(made.agent.id);
        const container = await until(ended);
        return seen(
          container?.exitCode === 0,
          `${removed}; container ${container ? `exit code ${container.exitCode}` : "runs on"}`,
        );
      },
    },
    {
      id: "D2",
      what: "A container that has ended is not started again",
      expected: "no restart, and a log that tells how the listener ended",
      look: async () => {
        if (!made.group) return noContainer;
        const restarts = (await host.get(plan.name))?.container?.restartCount;
        const [told] = /The listener ended with exit code \d+/.exec(await host.log(plan.name, 100)) ?? ["nothing"];
        return seen(restarts === 0 && told !== "nothing", `${restarts} restarts; log: ${told}`);
      },
    },
    {
      id: "H8",
      what: "Deleting a container group twice",
      expected: "200, then 204",
      look: async () => {
        if (!made.group) return noContainer;
        const [first, gone] = [await wire.arm("DELETE", groupPath(bench, plan.name)), await host.remove(plan.name)];
        const again = await wire.arm("DELETE", groupPath(bench, plan.name));
        return seen(first.status === 200 && again.status === 204, `${first.status}, ${gone}, ${again.status}`);
      },
    },
  ];
}
