import assert from "node:assert/strict";
import type { ContainerGroup } from "../../../../simulator/containers/container-group.ts";
import { apiVersion, errorOf, plainGroup, type Stand, startStand } from "../azure-fixture.ts";

describe("a condition that was injected", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand({ timings: { provisioningTimeoutMs: 20 } });
  });
  afterEach(() => stand.arm.clearConditions());
  after(() => stand.stop());

  let count = 0;
  async function create(body = plainGroup(stand)): Promise<ContainerGroup> {
    const name = `group-${count++}`;
    const answer = await stand.put(name, body);
    assert.equal(answer.status, 201, answer.text);
    return stand.arm.containerGroup(name);
  }
  const failed = async (group: ContainerGroup) => {
    await group.when(({ deployment }) => deployment.provisioningState === "Failed");
    return (await stand.call(`${group.id}?${apiVersion}`)).text;
  };

  for (const [condition, status, code, message] of [
    ["quota", 409, "ContainerGroupQuotaReached", /Limit: '10', Usage: '10'/],
    ["service-unavailable", 409, "ServiceUnavailable", /not available in the location 'westeurope'/],
    ["throttled", 429, "TooManyRequests", /throttled/],
    ["transitioning", 409, "ContainerGroupTransitioning", /still transitioning/],
    ["registry-error", 409, "RegistryErrorResponse", /error response is received from the docker registry/],
    ["inaccessible-image", 400, "InaccessibleImage", /is not accessible/],
    ["os-version", 400, "OsVersionNotSupported", /not supported/],
    ["internal-error", 500, "InternalServerError", /retry/],
  ] as const) {
    it(`${condition} refuses the creation with ${code}, once, and creates nothing`, async () => {
      const injected = stand.arm.inject(condition, { times: 1 });
      const answer = await stand.put("refused", plainGroup(stand));
      assert.equal(answer.status, status);
      assert.equal(errorOf(answer).code, code);
      assert.match(errorOf(answer).message, message);
      assert.equal(answer.headers["retry-after"], status === 429 ? "1" : undefined);
      assert.equal(injected.hits, 1);
      assert.equal((await stand.call(`${stand.groupsPath}/refused?${apiVersion}`)).status, 404);
      await create();
    });
  }

  it("capacity fails the operation without an error; only an event says why, and the group stays", async () => {
    stand.arm.inject("capacity");
    const answer = await stand.put("no-room", plainGroup(stand));
    const operation = new URL(String(answer.headers["azure-asyncoperation"]));
    const text = await failed(stand.arm.containerGroup("no-room"));
    const { properties } = JSON.parse(text);
    assert.equal(properties.provisioningState, "Failed");
    assert.equal(properties.instanceView.events[0].name, "InsufficientCapacity.");
    assert.match(properties.instanceView.events[0].message, /not available.*'Linux' OS virtual network/);
    assert.equal(properties.containers[0].properties.instanceView, undefined);
    const body = JSON.parse((await stand.call(operation.pathname + operation.search, {}, stand.administrator)).text);
    assert.deepEqual([body.status, body.error], ["Failed", undefined]);
    assert.equal(body.properties.events[0].name, "InsufficientCapacity.");
  });

  it("capacity makes the unmodified SDK fail without a reason, which is why nobody should wait on it", async () => {
    stand.arm.inject("capacity");
    const { containerGroups } = stand.client(stand.administrator);
    await assert.rejects(
      containerGroups.beginCreateOrUpdateAndWait(stand.resourceGroup, "sdk-no-room", stand.group(), {
        updateIntervalInMs: 5,
      }),
      /^Error: The long-running operation has failed$/,
    );
  });

  it("pull-fails tries again and again, and then fails", async () => {
    stand.arm.inject("pull-fails");
    const { properties } = JSON.parse(await failed(await create()));
    const { events, currentState } = properties.containers[0].properties.instanceView;
    const seen = events.map(({ name, count, type }: { name: string; count: number; type: string }) => [
      name,
      count,
      type,
    ]);
    assert.deepEqual(seen, [
      ["Pulling", 3, "Normal"],
      ["Failed", 3, "Warning"],
      ["BackOff", 3, "Normal"],
    ]);
    assert.equal(currentState.state, "Waiting");
  });

  it("never-starts ends when the time for provisioning is over", async () => {
    stand.arm.inject("never-starts");
    const { properties } = JSON.parse(await failed(await create()));
    assert.equal(properties.containers[0].properties.instanceView.currentState.state, "Waiting");
  });

  for (const [condition, last] of [
    ["pull-stalls", /^Pulling: pulling image /],
    ["no-bash", /^Failed: .*exec: "\/bin\/bash": stat \/bin\/bash: no such file or directory/],
  ] as const) {
    it(`${condition} ends when the time for provisioning is over, and an event says what it was`, async () => {
      stand.arm.inject(condition);
      const { properties } = JSON.parse(await failed(await create()));
      const { events, currentState } = properties.containers[0].properties.instanceView;
      assert.match(`${events.at(-1).name}: ${events.at(-1).message}`, last);
      assert.equal(currentState.state, "Waiting");
    });
  }

  it("wrong-architecture ends with the words of the container's runtime", async () => {
    stand.arm.inject("wrong-architecture");
    const group = await create();
    await group.when(({ state }) => state === "Failed");
    const logs = await stand.call(`${group.id}/containers/agent/logs?${apiVersion}`);
    assert.match(logs.text, /exec \/bin\/bash: exec format error/);
  });

  it("crashes-at-start runs, says why it cannot, and ends non-zero", async () => {
    stand.arm.inject("crashes-at-start");
    const group = await create();
    await group.when(({ state }) => state === "Failed");
    const logs = await stand.call(`${group.id}/containers/agent/logs?${apiVersion}`);
    assert.match(logs.text, /fatal: cannot start/);
    const view = group.deployment.view;
    assert.deepEqual([view?.currentState.exitCode, view?.restartCount], [1, 1], "it was tried once more");
  });

  it("does-nothing keeps a container running that never does what it should", async () => {
    stand.arm.inject("does-nothing");
    const group = await create(plainGroup(stand, {}, { command: ["/bin/bash", "-c", "echo begun; exit 3"] }));
    await group.when(({ state }) => state === "Running");
    assert.equal(group.deployment.log.read(), "");
  });

  it("strikes only the groups it names, until it is removed", async () => {
    const injected = stand.arm.inject("quota", { group: /^named-/ });
    assert.equal((await stand.put("named-1", plainGroup(stand))).status, 409);
    assert.equal((await stand.put("other-1", plainGroup(stand))).status, 201);
    injected.remove();
    assert.equal((await stand.put("named-1", plainGroup(stand))).status, 201);
  });

  it("of the platform restarts a running container, whatever its restart policy", async () => {
    const group = await create(plainGroup(stand, {}, { command: ["/bin/bash", "-c", "echo begun; sleep 1000"] }));
    await group.when(({ state }) => state === "Running");
    await group.deployment.restartByPlatform();
    await group.when(({ deployment }) => deployment.view?.restartCount === 1 && deployment.running !== undefined);
    const { containers } = await stand
      .client()
      .containerGroups.get(stand.resourceGroup, String(group.id.split("/").at(-1)));
    const view = containers[0]?.instanceView;
    assert.deepEqual([view?.previousState?.state, view?.previousState?.exitCode], ["Terminated", 137]);
    assert.ok(view?.events?.some(({ name }) => name === "Killing"));
  });
});
