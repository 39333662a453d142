// Every way to an image: by the simulator's own registries, which let nobody pull but whom they know.
import assert from "node:assert/strict";
import { managedIdentityOperator } from "../../../simulator/arm/authorization/built-in-roles.ts";
import type { Endpoint } from "../../../simulator/job-execution/job/job-message.ts";
import {
  acrConnection,
  acrConnectionOf,
  managedMachineEnvironment,
  projectConnections,
  registryConnection,
  schemes,
} from "../../../simulator/pipeline-runner/service-connections/project-connections.ts";
import { registryId, registryNames } from "../../../simulator/registry/azure-registries.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { assertFailure } from "../scenario/expected-messages.ts";
import { type Scene, story } from "../scenario/scenario.ts";
import type { StepPart } from "../scenario/step.ts";
import { creation } from "../scenario/task-requests.ts";
import { groupsAsked } from "./images-asked.ts";
import { assertNoWay, type Inputs, wholeLife } from "./ways.ts";

/** How the registry answered each exchange of a token. */
const exchanges = ({ requests }: Simulator): number[] =>
  requests.entries
    .filter(({ site, url }) => site === "registry" && new URL(url).pathname === "/oauth2/exchange")
    .map(({ status = 0 }) => status);

/** Switches off that the registry takes tokens for Azure Resource Manager. */
function refuseArmTokens({ arm, ready, location }: Simulator): void {
  const policies = { azureADAuthenticationAsArmPolicy: { status: "disabled" } };
  const id = registryId(`/subscriptions/${ready.subscriptionId}/resourceGroups/rg-registry`, registryNames.open);
  arm.resources.put(id, { location, sku: { name: "Premium" }, properties: { policies } });
}

/** The registry refuses the first token that it is offered, which is one meant for it. */
function refuseFirstToken({ faults }: Simulator): void {
  const effect = { status: 401, body: { errors: [{ code: "UNAUTHORIZED", message: "not this audience" }] } };
  faults.add({ site: "registry", path: "/oauth2/exchange", times: 1, effect });
}

function mayAssign({ arm, deployer, pullIdentityId: scope }: Simulator): void {
  arm.access.assign({ principalId: deployer.objectId, role: managedIdentityOperator, scope });
}

const managed = ({ simulator }: Scene): StepPart => ({ environment: managedMachineEnvironment(simulator) });

/** The step with a connection instead of the project's own. */
function through({ simulator }: Scene, connection: Endpoint): { inputs: Inputs; part: StepPart } {
  const endpoints = [connection, ...projectConnections(simulator).filter(({ id }) => id !== connection.id)];
  return { inputs: { containerRegistry: connection.id }, part: { endpoints } };
}

/** The user whose password is a token of the registry. */
const tokenUser = "00000000-0000-0000-0000-000000000000";

describe("An image", () => {
  story("that is public needs no credential", async (scene) => {
    const asked = groupsAsked(scene.simulator);
    await wholeLife(scene, { imageName: scene.simulator.registry.image });
    assert.deepEqual(asked, [{ image: scene.simulator.registry.image, credentials: [] }]);
    assert.deepEqual(exchanges(scene.simulator), []);
  });

  story("is named by its digest", async (scene) => {
    const { registry } = scene.simulator;
    const asked = groupsAsked(scene.simulator);
    const imageName = `${registry.server}/private/azure-pipelines-agent@${registry.digest(registry.privateImage)}`;
    await wholeLife(scene, { imageName, containerRegistry: "agent-registry" });
    assert.equal(asked[0]?.image, imageName);
  });

  story("is named by tag alone, and the connection says where", async (scene) => {
    const { registry } = scene.simulator;
    const asked = groupsAsked(scene.simulator);
    await wholeLife(scene, { imageName: "private/azure-pipelines-agent:latest", containerRegistry: "agent-registry" });
    assert.equal(asked[0]?.image, registry.privateImage);
  });

  story("is not pulled without a credential that it needs: EA406", async (scene) => {
    scene.expectRefusal(/^400 arm PUT /);
    const main = await scene.step({ action: "create", imageName: scene.simulator.registry.privateImage }).execute();
    assertFailure(main, "EA406", /InaccessibleImage/);
  });
});

describe("A connection to an Azure Container Registry", () => {
  const rows: readonly {
    readonly name: string;
    readonly connection: string;
    user(simulator: Simulator): string;
    readonly exchanged: boolean;
  }[] = [
    { name: "a service principal", connection: "agent-registry", user: ({ puller }) => puller.appId, exchanged: false },
    { name: "federation", connection: "registry-federated", user: () => tokenUser, exchanged: true },
    { name: "a managed identity", connection: "registry-managed-identity", user: () => tokenUser, exchanged: true },
  ];
  for (const { name, connection, user, exchanged } of rows) {
    story(`pulls by ${name}`, async (scene) => {
      const { simulator } = scene;
      const { registry } = simulator;
      const asked = groupsAsked(simulator);
      const inputs = { imageName: registry.privateImage, containerRegistry: connection };
      const created = await wholeLife(scene, inputs, managed(scene));
      const [credential] = asked[0]?.credentials ?? [];
      assert.deepEqual([credential?.server, credential?.username], [registry.server, user(simulator)]);
      assert.ok(credential?.password && !created.log.includes(credential.password), "the password is not in the log");
      assert.deepEqual(exchanges(simulator), exchanged ? [200] : []);
    });
  }

  story("is exchanged for though the registry takes no tokens of Azure Resource Manager", async (scene) => {
    const { simulator } = scene;
    refuseArmTokens(simulator);
    const inputs = { imageName: simulator.registry.privateImage, containerRegistry: "registry-federated" };
    await wholeLife(scene, inputs);
    assert.deepEqual(exchanges(simulator), [200], "the registry's own audience comes first");
  });

  story("is exchanged for with a token of Azure Resource Manager where the other is refused", async (scene) => {
    scene.expectRefusal(/^401 registry POST \/oauth2\/exchange$/);
    const { simulator } = scene;
    refuseFirstToken(simulator);
    const inputs = { imageName: simulator.registry.privateImage, containerRegistry: "registry-federated" };
    await wholeLife(scene, inputs);
    assert.deepEqual(exchanges(simulator), [401, 200]);
  });

  story("is refused for the wrong audience: EA403 with the registry's words", async (scene) => {
    scene.expectRefusal(/^401 registry POST \/oauth2\/exchange$/);
    const { simulator } = scene;
    refuseFirstToken(simulator);
    refuseArmTokens(simulator);
    const inputs = { imageName: simulator.registry.privateImage, containerRegistry: "registry-federated" };
    await assertNoWay(
      scene,
      inputs,
      {},
      "EA403",
      /answered 401 to the exchange of a token for .*unexpected \S*aud\S* claim/,
    );
    assert.deepEqual(exchanges(simulator), [401, 401]);
  });

  story("is refused when it may not pull: EA403", async (scene) => {
    scene.expectRefusal(/^401 registry POST \/oauth2\/exchange$/);
    const { simulator } = scene;
    const { registry, machine, arm } = simulator;
    arm.access.revoke(machine.systemAssigned.objectId);
    const inputs = { imageName: registry.privateImage, containerRegistry: "registry-managed-identity" };
    await assertNoWay(scene, inputs, managed(scene), "EA403", /answered 401 to the exchange/);
    assert.deepEqual(exchanges(simulator), [401, 401]);
  });

  story("has a wrong secret: EA401, and nothing stays", async (scene) => {
    scene.expectRefusal(/^400 arm PUT /);
    const { ready, registry, puller } = scene.simulator;
    const at = { server: registry.server, tenantId: ready.tenantId, clientId: puller.appId, clientSecret: "wrong" };
    const { inputs, part } = through(scene, acrConnection("agent-registry", at));
    const imageName = registry.privateImage;
    const main = await scene.step({ action: "create", imageName, ...inputs }, part).execute();
    assertFailure(main, "EA401", /InaccessibleImage/);
  });

  story("names its server with a scheme and a path", async (scene) => {
    const { ready, registry, puller } = scene.simulator;
    const asked = groupsAsked(scene.simulator);
    const server = `https://${registry.server}/some/path/`;
    const authorization = schemes.secret(ready.tenantId, puller.appId, puller.secret);
    const { inputs, part } = through(scene, acrConnectionOf("agent-registry", server, authorization));
    await wholeLife(scene, { imageName: registry.privateImage, ...inputs }, part);
    assert.equal(asked[0]?.credentials[0]?.server, registry.server);
  });
});

describe("A registry of another kind", () => {
  story("takes user and password", async (scene) => {
    const { simulator } = scene;
    const asked = groupsAsked(simulator);
    await wholeLife(scene, { imageName: simulator.registry.privateImage, containerRegistry: "other-registry" });
    const { username, password } = simulator.registryAccount;
    assert.deepEqual(asked[0]?.credentials, [{ server: simulator.registry.server, username, password }]);
  });

  story("names its server with a scheme and a path", async (scene) => {
    const { registry, registryAccount } = scene.simulator;
    const at = { server: `${registry.server}/v2/`, ...registryAccount };
    const { inputs, part } = through(scene, registryConnection("other-registry", at));
    await wholeLife(scene, { imageName: "private/azure-pipelines-agent", ...inputs }, part);
  });
});

describe("An identity of the container group", () => {
  for (const which of ["open", "behind a private endpoint"] as const) {
    story(`pulls from a registry that is ${which}`, async (scene) => {
      const { simulator } = scene;
      const { registry, privateRegistry, pullIdentityId } = simulator;
      const asked = groupsAsked(simulator);
      mayAssign(simulator);
      const imageName = which === "open" ? registry.privateImage : privateRegistry.image;
      await wholeLife(scene, { imageName, registryIdentity: pullIdentityId });
      const [credential] = asked[0]?.credentials ?? [];
      assert.deepEqual(credential, { server: imageName.split("/")[0], identity: pullIdentityId });
    });
  }

  story("is needed behind a private endpoint: a connection is told so", async (scene) => {
    scene.expectRefusal(/^403 registry-private POST /);
    const { ready, privateRegistry, puller } = scene.simulator;
    const authorization = schemes.federated(ready.tenantId, puller.appId);
    const { inputs, part } = through(
      scene,
      acrConnectionOf("registry-federated", privateRegistry.server, authorization),
    );
    await assertNoWay(scene, { imageName: privateRegistry.image, ...inputs }, part, "EA404");
  });

  story("is needed behind a private endpoint: a name and password are refused", async (scene) => {
    scene.expectRefusal(/^400 arm PUT /);
    const { ready, privateRegistry, puller, requests } = scene.simulator;
    const at = { server: privateRegistry.server, tenantId: ready.tenantId };
    const credential = { clientId: puller.appId, clientSecret: puller.secret };
    const { inputs, part } = through(scene, acrConnection("agent-registry", { ...at, ...credential }));
    const main = await scene.step({ action: "create", imageName: privateRegistry.image, ...inputs }, part).execute();
    assertFailure(main, "EA401", /InaccessibleImage/);
    assert.ok(requests.entries.some(creation));
  });

  story("must be one that the service connection may give: EA202 with the command", async (scene) => {
    scene.expectRefusal(/^403 arm PUT /);
    const { privateRegistry, pullIdentityId } = scene.simulator;
    const inputs = { action: "create", imageName: privateRegistry.image, registryIdentity: pullIdentityId };
    const main = await scene.step(inputs).execute();
    assertFailure(main, "EA202", /Grant it: az role assignment create .*--role "Managed Identity Operator"/);
  });
});
