import assert from "node:assert/strict";
import { apiVersion, plainGroup, type Stand, startStand } from "../azure-fixture.ts";

const running = (stand: Stand, name: string) => stand.arm.containerGroup(name).when(({ state }) => state === "Running");

describe("a container group", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand();
  });
  after(() => stand.stop());

  it("is answered 201 with an operation address of the service's own version, and no Location or Retry-After", async () => {
    const { status, headers, json } = await stand.put("created", plainGroup(stand));
    assert.equal(status, 201);
    assert.deepEqual([headers.location, headers["retry-after"]], [undefined, undefined]);
    const operation = new URL(String(headers["azure-asyncoperation"]));
    assert.equal(operation.searchParams.get("api-version"), "2018-06-01");
    assert.ok(["t", "c", "s", "h"].every((name) => operation.searchParams.has(name)));
    assert.match(String(headers["x-ms-ratelimit-remaining-subscription-resource-requests-pt5m"]), /^\d+$/);
    assert.match(String(headers["x-ms-ratelimit-remaining-subscription-resource-requests-pt1h"]), /^\d+$/);
    const { properties } = json() as { properties: Record<string, unknown> };
    assert.deepEqual(properties.instanceView, { events: [], state: "Pending" });
    assert.equal(properties.provisioningState, "Pending");
    assert.deepEqual(
      [
        properties.provisioningTimeoutInSeconds,
        properties.isCustomProvisioningTimeout,
        properties.isCreatedFromStandbyPool,
      ],
      [1800, false, false],
    );
    assert.deepEqual(properties.initContainers, []);
    assert.doesNotMatch(JSON.stringify(properties.containers), /instanceView/);
  });

  it("comes up for the unmodified SDK, which follows the operation to its end", async () => {
    const { containerGroups } = stand.client();
    const group = await containerGroups.beginCreateOrUpdateAndWait(stand.resourceGroup, "by-sdk", stand.group(), {
      updateIntervalInMs: 5,
    });
    assert.equal(group.provisioningState, "Succeeded");
    const polled = stand.sites.requests.entries.filter(({ url }) => url.includes("/operations/"));
    assert.ok(polled.length > 0);
  });

  it("passes through Pending and Creating to Succeeded, with the events of pull and start", async () => {
    const { containerGroups } = stand.client();
    const made = (await stand.put("evolving", plainGroup(stand))).json() as {
      readonly properties: { readonly provisioningState: string };
    };
    const states = [made.properties.provisioningState];
    const group = stand.arm.containerGroup("evolving");
    await group.when(({ deployment }) => {
      if (states.at(-1) !== deployment.provisioningState) states.push(deployment.provisioningState);
      return deployment.provisioningState === "Succeeded";
    });
    assert.deepEqual(states, ["Pending", "Creating", "Succeeded"]);
    const { instanceView, containers } = await containerGroups.get(stand.resourceGroup, "evolving");
    assert.equal(instanceView?.state, "Running");
    const view = containers[0]?.instanceView;
    assert.deepEqual(
      view?.events?.map(({ name, type }) => [name, type]),
      [
        ["Pulling", "Normal"],
        ["Pulled", "Normal"],
        ["Started", "Normal"],
      ],
    );
    assert.deepEqual([view?.currentState?.state, view?.restartCount, view?.previousState], ["Running", 0, undefined]);
  });

  it("shows its end: exit code, times, and the state that the restart policy makes of it", async () => {
    await stand.put("ended", plainGroup(stand, {}, { command: ["/bin/bash", "-c", "exit 0"] }));
    await stand.arm.containerGroup("ended").when(({ state }) => state === "Succeeded");
    const { containers, provisioningState } = await stand.client().containerGroups.get(stand.resourceGroup, "ended");
    const state = containers[0]?.instanceView?.currentState;
    assert.deepEqual([state?.state, state?.exitCode, state?.detailStatus], ["Terminated", 0, "Completed"]);
    assert.ok(state?.startTime && state.finishTime);
    assert.equal(provisioningState, "Succeeded", "to have run at all is success");
  });

  it("runs its command with its environment, plain and secure, and its secret files", async () => {
    const script = 'echo "$PLAIN $HIDDEN $(cat "$(dirname "$0")"/agent.json)"';
    const secret = {
      "run.sh": Buffer.from(script).toString("base64"),
      "agent.json": Buffer.from("{}").toString("base64"),
    };
    await stand.client().containerGroups.beginCreateOrUpdate(stand.resourceGroup, "with-files", {
      ...stand.group(),
      volumes: [
        { name: "start-files", secret },
        { name: "state-files", emptyDir: {} },
      ],
      containers: [
        {
          name: "agent",
          image: stand.registry.image,
          command: ["/bin/bash", "/mnt/start/run.sh"],
          resources: { requests: { cpu: 0.5, memoryInGB: 1.5 } },
          environmentVariables: [
            { name: "PLAIN", value: "plain" },
            { name: "HIDDEN", secureValue: "hidden" },
          ],
          volumeMounts: [
            { name: "start-files", mountPath: "/mnt/start", readOnly: true },
            { name: "state-files", mountPath: "/mnt/state" },
          ],
        },
      ],
    });
    await stand.arm.containerGroup("with-files").when(({ state }) => state === "Succeeded");
    const { content } = await stand.client().containers.listLogs(stand.resourceGroup, "with-files", "agent");
    assert.equal(content, "plain hidden {}\n");
  });

  it("never shows a secure value, a registry password or what is in a secret volume", async () => {
    const secrets = { token: "Y2FuYXJ5LWZpbGU=" };
    const body = plainGroup(
      stand,
      {
        volumes: [{ name: "start-files", secret: secrets }],
        imageRegistryCredentials: [
          { server: stand.registry.server, username: stand.puller.appId, password: stand.puller.secret },
        ],
      },
      {
        environmentVariables: [
          { name: "SHOWN", value: "shown" },
          { name: "HIDDEN", secureValue: "canary-env" },
        ],
        volumeMounts: [{ name: "start-files", mountPath: "/mnt/start" }],
      },
    );
    const answers = [
      await stand.put("secretive", body),
      await stand.call(`${stand.groupsPath}/secretive?${apiVersion}`),
      await stand.call(`${stand.groupsPath}?${apiVersion}`),
      await stand.call(`${stand.groupsPath}/secretive?${apiVersion}`, { method: "DELETE" }),
    ];
    for (const { text } of answers) {
      assert.doesNotMatch(text, /canary|Y2FuYXJ5/);
      assert.ok(!text.includes(stand.puller.secret));
      assert.match(text, /"name":"SHOWN","value":"shown"/);
      assert.match(text, /\{"name":"HIDDEN"\}/);
      assert.match(text, /"secret":\{\}/);
      assert.ok(text.includes(`"username":"${stand.puller.appId}"`));
    }
  });

  it("is listed without instance view, by resource group and by subscription", async () => {
    await stand.put("listed", plainGroup(stand, {}, {}, { tags: { EphemeralAgent: "true" } }));
    await running(stand, "listed");
    const lists = [
      stand.client().containerGroups.listByResourceGroup(stand.resourceGroup),
      stand.client(stand.administrator).containerGroups.list(),
    ];
    for (const list of lists) {
      const groups = [];
      for await (const group of list) groups.push(group);
      const group = groups.find(({ name }) => name === "listed");
      assert.deepEqual([group?.instanceView, group?.containers[0]?.instanceView], [undefined, undefined]);
      assert.deepEqual(group?.tags, { EphemeralAgent: "true" });
      assert.equal(group?.provisioningState, "Succeeded");
    }
  });

  it("keeps the name it was made with, however it is asked for", async () => {
    await stand.put("cased", plainGroup(stand));
    const path = `${stand.groupsPath}/CASED?${apiVersion}`.replace("resourceGroups", "resourcegroups");
    assert.equal((JSON.parse((await stand.call(path)).text) as { name: string }).name, "cased");
  });

  it("lets whoever has its operation's address follow it, with no right besides", async () => {
    const { headers } = await stand.put("rightless", plainGroup(stand));
    const { pathname, search } = new URL(String(headers["azure-asyncoperation"]));
    const nobody = stand.entra.directory.addServicePrincipal("nobody");
    assert.equal((await stand.call(`${stand.groupsPath}/rightless?${apiVersion}`, {}, nobody)).status, 403);
    assert.equal((await stand.call(pathname + search, {}, nobody)).status, 200);
    const unsigned = `${pathname}?api-version=2018-06-01`;
    assert.equal((await stand.call(unsigned, {}, nobody)).status, 403, "only the whole address will do");
  });

  it("leaves an operation whose address is only good as it was given", async () => {
    const { headers } = await stand.put("followed", plainGroup(stand));
    const operation = new URL(String(headers["azure-asyncoperation"]));
    await running(stand, "followed");
    const follow = ({ pathname, search }: URL) => stand.call(pathname + search);
    const body = JSON.parse((await follow(operation)).text);
    assert.deepEqual(Object.keys(body), ["id", "status", "startTime", "properties"]);
    assert.equal(body.status, "Succeeded");
    operation.searchParams.set("api-version", "2023-05-01");
    assert.equal((await follow(operation)).status, 403);
  });
});
