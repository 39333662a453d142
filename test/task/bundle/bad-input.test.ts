// Bad input: everything that is wrong is told at once, by the names users write, before anybody is asked anything.
import assert from "node:assert/strict";
import type { Endpoint } from "../../../simulator/job-execution/job/job-message.ts";
import { projectConnections } from "../../../simulator/pipeline-runner/service-connections/project-connections.ts";
import { type FinishedTask, runPostJob } from "../harness/run-task.ts";
import { assertFailure, assertSilent } from "../scenario/expected-messages.ts";
import { type Scene, scenario, story } from "../scenario/scenario.ts";

/** What is listed, one problem an entry, as `input: what was found; what is allowed`. */
function problems({ issues }: FinishedTask): string[] {
  return [...(issues[0]?.message ?? "").matchAll(/^ {4}- (.*)$/gm)].map(([, text]) => text ?? "");
}

async function assertRefused({ simulator }: Scene, main: FinishedTask, expected: readonly RegExp[]): Promise<void> {
  assert.equal(main.result, "failed");
  assertFailure(main, "EA101", new RegExp(`^${expected.length} problems?:`));
  const told = problems(main);
  for (const one of expected) {
    assert.ok(
      told.some((text) => one.test(text)),
      `${one} is not among\n${told.join("\n")}`,
    );
  }
  assert.equal(told.length, expected.length, told.join("\n"));
  assert.deepEqual(simulator.requests.entries, [], "nobody is asked anything");
  assertSilent(await runPostJob(main));
}

const bad = {
  resourceGroupName: "ends with a dot.",
  agentPool: "$(agentPoolOfNobody)",
  agentPrefix: "9-lives",
  agentCount: "0",
  capabilities: "no equals sign",
  imageName: "Not An Image",
  CPU: "many",
  memory: "1000",
  location: "west/europe",
  subnetName: "snet-agents",
  timeoutAgentOnline: "-1",
  idleTimeoutMinutes: "1.5",
  lifetimeMinutes: "99999999",
  fallbacks: "somewhere=else",
  skipContainerDeletionOnError: "perhaps",
};

const allOfThem = [
  /^resourceGroupName: found 'ends with a dot\.'; allowed: up to 90 /,
  /^agentPool: found '\$\(agentPoolOfNobody\)'; the variable 'agentPoolOfNobody' is not defined in this job/,
  /^agentPrefix: found '9-lives'; allowed: up to 40 /,
  /^agentCount: found '0'; allowed: a whole number from 1 to 50$/,
  /^capabilities: line 1 \(not shown\); one 'name=value' a line is allowed$/,
  /^imageName: found 'Not An Image'; allowed: /,
  /^CPU: found 'many'; allowed: a number.* from 0\.1 to \d+ \(cores\)/,
  /^memory: found '1000'; allowed: .* from 0\.1 to \d+ \(GB\)/,
  /^location: found 'west\/europe'; allowed: a region such as westeurope$/,
  /^subnetName: found 'snet-agents'; give either subnetId or the names of the subnet, not both$/,
  /^timeoutAgentOnline: found '-1'; allowed: a whole number from 0 to 3600 \(seconds\)$/,
  /^idleTimeoutMinutes: found '1\.5'; allowed: a whole number from 1 to 10080 \(minutes\)$/,
  /^lifetimeMinutes: found '99999999'; allowed: a whole number from 1 to 10080 \(minutes\)$/,
  /^fallbacks: found 'somewhere=else'; allowed in a line: /,
  /^skipContainerDeletionOnError: found 'perhaps'; allowed: true, false$/,
];

/** The simulated project's connections, one of them changed. */
function connections({ simulator }: Scene, name: string, change: (from: Endpoint) => Endpoint): Endpoint[] {
  return projectConnections(simulator).map((one) => (one.name === name ? change(one) : one));
}

describe("Bad input", () => {
  for (const action of ["run", "create"]) {
    scenario(`of \`${action}\` is told all at once, and nobody is asked anything`, async (scene) => {
      await assertRefused(scene, await scene.step({ action, ...bad }).execute(), allOfThem);
    });
  }

  story("such as missing values is told by the names that users write", async (scene) => {
    const nothing = { azureSubscription: "", resourceGroupName: "", agentPool: "", imageName: "", subnetId: "" };
    await assertRefused(scene, await scene.step({ action: "run", ...nothing }).execute(), [
      /^azureSubscription: nothing was given; /,
      /^resourceGroupName: nothing was given; /,
      /^agentPool: nothing was given; /,
      /^imageName: nothing was given; /,
    ]);
  });

  story("such as a subnet's name without its network's is told", async (scene) => {
    const names = { subnetId: "", subnetName: "snet-agents" };
    await assertRefused(scene, await scene.step({ action: "run", ...names }).execute(), [
      /^vnetName: nothing was given; it is needed with subnetName 'snet-agents'$/,
    ]);
  });

  story("such as a subnet of another subscription is told", async (scene) => {
    const { subnetId, subscriptionId } = scene.simulator.ready;
    const elsewhere = subnetId.replace(subscriptionId, "11111111-2222-3333-4444-555555555555");
    await assertRefused(scene, await scene.step({ action: "run", subnetId: elsewhere }).execute(), [
      new RegExp(`^subnetId: .* must be in the service connection's subscription ${subscriptionId}$`),
    ]);
  });

  story("such as a connection without its fields is told, and never what the fields hold", async (scene) => {
    const endpoints = connections(scene, "azure-private-deployments", (from) => ({
      ...from,
      authorization: { scheme: "ServicePrincipal", parameters: { authenticationType: "spnKey" } },
      data: { environment: "AzureCloud" },
    }));
    await assertRefused(scene, await scene.step({ action: "run" }, { endpoints }).execute(), [
      /^azureSubscription: .*this service connection has no service principal id; open it in the project settings/,
      /^azureSubscription: .*has no service principal key; /,
      /^azureSubscription: .*has no tenant id; /,
      /^azureSubscription: .*has no subscription id \(azureSubscription must be scoped to a subscription\); /,
    ]);
  });

  story("such as a registry connection without a password is told", async (scene) => {
    const endpoints = connections(scene, "other-registry", (from) => ({
      ...from,
      authorization: {
        ...from.authorization,
        parameters: { ...from.authorization.parameters, password: "" },
      },
    }));
    const inputs = {
      action: "run",
      containerRegistry: "other-registry",
      imageName: scene.simulator.ready.privateImage,
    };
    await assertRefused(scene, await scene.step(inputs, { endpoints }).execute(), [
      /^containerRegistry: .*has no password; /,
    ]);
  });
});

describe("A pool that does not exist", () => {
  for (const action of ["run", "create", "remove", "sweep"]) {
    scenario(`is told by \`${action}\` after one look, and the reads that say why`, async (scene) => {
      const main = await scene.step({ action, agentPool: "no-such-pool" }).execute();
      assertFailure(main, "EA507", /^https:\S+ shows no agent pool 'no-such-pool' to Shop Build Service \(contoso\)\./);
      const asked = scene.simulator.requests.entries.map(({ method, url }) => `${method} ${new URL(url).pathname}`);
      const api = "/contoso/_apis/distributedtask";
      assert.deepEqual(asked.slice(0, 2), [`OPTIONS ${api}`, `GET ${api}/pools`]);
      assert.ok(
        asked.every((one) => /^(GET|OPTIONS) /.test(one)),
        "nothing is made",
      );
      assertSilent(await runPostJob(main));
    });
  }

  story("looks the same as one that the token may not see", async (scene) => {
    const { organization, ready } = scene.simulator;
    organization.setBuildServiceRole(ready.pool, ready.project, null);
    const main = await scene.step({ action: "create" }).execute();
    assertFailure(main, "EA507", /shows no agent pool 'ephemeral-agents' to Shop Build Service \(contoso\)\./);
  });
});
