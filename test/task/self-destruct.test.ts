// A container that registers itself is watched over by nobody, so its own limits have to hold: what the task asks Azure
// for, with limits of seconds, in the simulator.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { toBody } from "../../EphemeralAgentTask/src/azure/container-groups/container-group-body.ts";
import { containerGroup, planAgent } from "../../EphemeralAgentTask/src/plan/agent-and-container-group.ts";
import type { CreateSettings } from "../../EphemeralAgentTask/src/settings/settings.ts";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";
import { Uptime } from "../agent-image/fixture/uptime.ts";
import { settings } from "../in-memory/valid-settings.ts";
import { ask } from "../simulator/http/plain-request.ts";
import { armToken } from "./scenario/manual-changes.ts";
import { deletion, unregistration } from "./scenario/task-requests.ts";

type Limits = Pick<CreateSettings, "onlineMs" | "idleMs" | "lifetimeMs">;

/** The group of an agent that registers itself and gets no job. */
function definition({ ready, cleanupIdentityId, location, subnetId }: Simulator, limits: Limits, clock: Uptime) {
  const usual = settings();
  const given = settings({
    ...limits,
    registration: "container",
    selfDestruct: true,
    image: ready.bakedImage,
    resourceGroupName: ready.resourceGroup,
    azure: { ...usual.azure, subscriptionId: ready.subscriptionId, armUrl: ready.arm },
    devops: { ...usual.devops, url: ready.organizationUrl, token: { kind: "personalAccessToken", token: ready.pat } },
    container: {
      ...usual.container,
      environment: { EPHEMERAL_UPTIME: clock.path },
      identityIds: [cleanupIdentityId()],
    },
  });
  return containerGroup({
    settings: given,
    plan: planAgent(given, "abc123", Date.now()),
    agent: undefined,
    agentPackage: { version: "4.0.0", url: "u", filename: "f", sha256: "s" },
    poolName: ready.pool,
    placement: { location, subnetId, dnsServers: [], cpu: 1, memoryInGB: 1 },
    registry: undefined,
    entrypoint: "",
  });
}

/** As the SDK writes it. */
function wire(group: ReturnType<typeof definition>) {
  const { location, tags, identity, containers, ...properties } = toBody(group);
  const nested = containers.map(({ name, ...rest }) => ({ name, properties: rest }));
  return { location, tags, identity, properties: { ...properties, containers: nested } };
}

describe("An agent that its container registers, and that gets no job,", () => {
  let simulator: Simulator;
  let clock: Uptime;

  beforeEach(async () => {
    simulator = await startSimulator();
    clock = new Uptime(join(mkdtempSync(join(tmpdir(), "uptime-")), "uptime"));
  });
  afterEach(async () => {
    await simulator.stop();
    rmSync(dirname(clock.path), { recursive: true });
  });

  /** @returns the container's log, once it has deleted its group */
  async function log(limits: Limits): Promise<string> {
    const { ready, arm, caFile, requests } = simulator;
    const group = definition(simulator, limits, clock);
    const path = `/subscriptions/${ready.subscriptionId}/resourceGroups/${ready.resourceGroup}/providers/Microsoft.ContainerInstance/containerGroups/${group.name}`;
    const { status, text } = await ask(caFile, `${ready.arm}${path}?api-version=2023-05-01`, {
      method: "PUT",
      headers: { authorization: `Bearer ${await armToken(simulator, "deployer")}` },
      body: wire(group),
    });
    assert.equal(status, 201, text);
    await requests.answered(({ method, url }) => method === "POST" && url.endsWith("/sessions"));
    clock.advance(1_800);
    const { deployment } = arm.containerGroup(group.name);
    const { caller } = await requests.answered(deletion);
    assert.equal(caller, "id-agent-cleanup");
    assert.equal(requests.entries.filter(unregistration).length, 1);
    assert.deepEqual(simulator.leftBehind().agents, []);
    return deployment.log.read();
  }

  it("stops, unregisters and deletes its group when its time without a job is up", async () => {
    // Five minutes are added to what the task waits itself.
    const told = await log({ onlineMs: 0, idleMs: 1_500_000, lifetimeMs: 3_600_000 });
    assert.match(
      told,
      /No job came within 1800 seconds[\s\S]*agent is unregistered[\s\S]*Deleting the container group/,
    );
  });

  it("does so when its time in all is up", async () => {
    const told = await log({ onlineMs: 0, idleMs: 3_600_000, lifetimeMs: 1_800_000 });
    assert.match(told, /has had its 1800 seconds[\s\S]*agent is unregistered[\s\S]*Deleting the container group/);
  });
});
