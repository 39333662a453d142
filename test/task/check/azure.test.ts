import assert from "node:assert/strict";
import { owner, reader } from "../../../simulator/arm/authorization/built-in-roles.ts";
import { shippedRoles } from "../../../simulator/arm/authorization/shipped-roles.ts";
import { acrConnection, azureConnection } from "../../../simulator/runner/service-connections.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../simulator/simulator.ts";
import { without } from "../../roles/rights.ts";
import { type Inputs, type LookPart, lookAt } from "./look.ts";
import { assertUntouched, inPerfect, perfect, subscriptionOf } from "./set-up.ts";

interface Case extends LookPart {
  readonly inputs?: Inputs;
}

type Broken = readonly [
  what: string,
  /** Breaks it, and gives the inputs that go with that. */
  breakIt: (simulator: Simulator) => Case | undefined,
  flaw: string,
  words: RegExp,
  options?: SimulatorOptions,
];

const service = "Microsoft.ContainerInstance/containerGroups";

/** Puts the network anew, with its subnet as given. */
function subnet(simulator: Simulator, properties: Readonly<Record<string, unknown>>): undefined {
  const { arm, location } = simulator;
  const usual = {
    addressPrefix: "10.20.1.0/24",
    delegations: [{ name: "container-groups", properties: { serviceName: service } }],
    natGateway: { id: `${subscriptionOf(simulator)}/natGateways/nat-shop` },
  };
  const subnets = [{ name: "snet-agents", properties: { ...usual, ...properties } }];
  arm.virtualNetworks.put("rg-network", "vnet-shop", { location, properties: { subnets } });
  return undefined;
}

const delegatedTo = (serviceName: string) => ({ delegations: [{ name: "other", properties: { serviceName } }] });

/** The deployer's roles with an action less in one of them. */
function lacking(simulator: Simulator, action: string): undefined {
  const { arm, deployer, ready } = simulator;
  const principalId = deployer.objectId;
  const looking = arm.access.of(principalId).find(({ role }) => role.Name === "Checking") ?? assert.fail();
  arm.access.revoke(principalId);
  arm.access.assign(looking);
  const roles = shippedRoles(ready.subscriptionId);
  const group = `${subscriptionOf(simulator)}/resourceGroups/${ready.resourceGroup}`;
  arm.access.assign({ principalId, role: without(roles.containerGroups, action), scope: group });
  const network = ready.subnetId.replace(/\/subnets\/.*/, "");
  arm.access.assign({ principalId, role: without(roles.network, action), scope: network });
  return undefined;
}

const missingAction = (action: string, flaw: string): Broken => [
  `a role without ${action}`,
  (simulator) => lacking(simulator, action),
  flaw,
  new RegExp(`missing: ${action}\n.*\n.*az role assignment create --assignee-object-id \\S+ .*--scope /subscriptions/`),
];

const onGroup = "role actions on rg-ephemeral-agents";

const broken: readonly Broken[] = [
  [
    "a wrong secret",
    ({ ready }) => ({
      endpoints: [azureConnection("azure-private-deployments", { ...ready, clientSecret: "not-the-secret" })],
    }),
    "wrong Azure sign-in",
    /AADSTS7000215/,
  ],
  [
    "a provider that is not registered",
    ({ arm }) => void arm.providers.unregister("Microsoft.ContainerInstance"),
    "wrong provider Microsoft.ContainerInstance",
    /az provider register --namespace Microsoft.ContainerInstance/,
  ],
  [
    "a resource group that is not there",
    (simulator) => {
      const { arm, deployer } = simulator;
      arm.access.assign({ principalId: deployer.objectId, role: reader, scope: subscriptionOf(simulator) });
      return { inputs: { resourceGroupName: "rg-mistyped" } };
    },
    "wrong resource group rg-mistyped",
    /could not be found.*\n.*az group create .*--name rg-mistyped/,
  ],
  [
    "a virtual network that is not there",
    (simulator) => {
      const { arm, deployer, ready } = simulator;
      arm.access.assign({ principalId: deployer.objectId, role: reader, scope: subscriptionOf(simulator) });
      return { inputs: { subnetId: ready.subnetId.replace("vnet-shop", "vnet-mistyped") } };
    },
    "wrong virtual network vnet-mistyped",
    /does not exist/,
  ],
  [
    "a subnet that is not there",
    ({ ready }) => ({ inputs: { subnetId: ready.subnetId.replace("snet-agents", "snet-mistyped") } }),
    "wrong subnet snet-mistyped",
    /vnet-shop has: snet-agents, snet-apps/,
  ],
  [
    "a subnet that is not delegated",
    (simulator) => subnet(simulator, { delegations: [] }),
    "wrong delegation of snet-agents",
    /--delegations Microsoft.ContainerInstance\/containerGroups/,
  ],
  [
    "a subnet that is delegated to others",
    (simulator) => subnet(simulator, delegatedTo("Microsoft.Web/serverFarms")),
    "wrong delegation of snet-agents",
    /delegated to Microsoft.Web\/serverFarms/,
  ],
  [
    "a subnet that others use",
    (simulator) =>
      subnet(simulator, { ipConfigurations: [{ id: "/x/networkInterfaces/nic-vm/ipConfigurations/one" }] }),
    "wrong delegation of snet-agents",
    /in use by networkInterfaces nic-vm/,
  ],
  [
    "a subnet that is full",
    (simulator) => {
      subnet(simulator, { addressPrefix: "10.20.1.0/29" });
      return { inputs: { agentCount: "4" } };
    },
    "wrong addresses of snet-agents",
    /3 of 3 free, 4 needed/,
  ],
  [
    "a subnet without a NAT gateway",
    (simulator) => subnet(simulator, { natGateway: undefined }),
    "warning way out of snet-agents",
    /--nat-gateway/,
  ],
  [
    "another region than the network's",
    () => ({ inputs: { location: "northeurope" } }),
    "wrong region of snet-agents",
    /Leave the input location empty/,
  ],
  [
    "a quota that is used up",
    () => undefined,
    "wrong quota in westeurope",
    /0 of 0 container groups left/,
    { azure: { quota: { containerGroups: 0 } } },
  ],
  [
    "too few cores",
    () => ({ inputs: { CPU: "4" } }),
    "wrong quota in westeurope",
    /4 cores are needed, 2 are left/,
    { azure: { quota: { standardCores: 2 } } },
  ],
  missingAction(`${service}/read`, `wrong ${onGroup}`),
  missingAction(`${service}/write`, `wrong ${onGroup}`),
  missingAction(`${service}/delete`, `wrong ${onGroup}`),
  missingAction(`${service}/stop/action`, `warning ${onGroup}`),
  missingAction(`${service}/containers/logs/read`, `warning ${onGroup}`),
  missingAction("Microsoft.Resources/subscriptions/resourceGroups/read", `warning ${onGroup}`),
  missingAction("Microsoft.Network/virtualNetworks/read", "wrong role actions on vnet-shop"),
  missingAction("Microsoft.Network/virtualNetworks/subnets/join/action", "wrong role actions on snet-agents"),
  [
    "an identity that may not be assigned",
    ({ pullIdentityId }) => ({ inputs: { userAssignedIdentities: pullIdentityId } }),
    "wrong role actions on id-agents",
    /userAssignedIdentities\/assign\/action/,
  ],
  [
    "an image whose tag is not there",
    ({ registry }) => ({ inputs: { imageName: `${registry.server}/azure-pipelines-agent:mistyped` } }),
    "wrong image",
    /MANIFEST_UNKNOWN/,
  ],
  [
    "an image whose repository is not there",
    ({ registry, ready }) => ({
      endpoints: [
        pullingAs(ready.administratorClientId, ready.administratorClientSecret, registry.server, ready.tenantId),
      ],
      inputs: { imageName: `${registry.server}/mistyped:latest`, containerRegistry: "agent-registry" },
    }),
    "wrong image",
    /NAME_UNKNOWN/,
  ],
  [
    "an image that is not public",
    ({ registry }) => ({ inputs: { imageName: registry.privateImage } }),
    "wrong image",
    /is not public/,
  ],
  [
    "a registry's wrong password",
    ({ registry, puller, ready }) => ({
      endpoints: [pullingAs(puller.appId, "not-the-secret", registry.server, ready.tenantId)],
      inputs: { imageName: registry.privateImage, containerRegistry: "agent-registry" },
    }),
    "wrong image",
    /is refused to containerRegistry/,
  ],
  [
    "a registry that does not answer",
    () => ({ inputs: { imageName: "localhost:9/agent:1" } }),
    "wrong image",
    /registry localhost:9 does not answer/,
  ],
  [
    "a private endpoint and no identity",
    ({ privateRegistry }) => ({ inputs: { imageName: privateRegistry.image } }),
    "wrong image",
    /not allowed access.*\n.*registryIdentity/,
  ],
];

function pullingAs(clientId: string, clientSecret: string, server: string, tenantId: string) {
  return acrConnection("agent-registry", { server, clientId, clientSecret, tenantId });
}

describe("A check of a simulated Azure names one broken thing and nothing else:", () => {
  for (const [what, breakIt, flaw, words, options] of broken) {
    it(what, () =>
      inPerfect(async (simulator) => {
        const { inputs, ...part } = breakIt(simulator) ?? {};
        const report = await lookAt(simulator, inputs, part);
        assert.deepEqual(report.flaws, [flaw], report.text);
        assert.match(report.flaw(flaw.replace(/^\w+ /, "")), words);
        assertUntouched(simulator);
      }, options),
    );
  }
});

describe("A check of a simulated Azure", () => {
  const images: readonly [what: string, inputs: (simulator: Simulator) => Inputs, warnings: string[]][] = [
    ["a public image", () => ({}), []],
    [
      "an ACR by service principal",
      ({ registry }) => ({ imageName: registry.privateImage, containerRegistry: "agent-registry" }),
      [],
    ],
    [
      "a registry by user and password",
      ({ registry }) => ({ imageName: registry.privateImage, containerRegistry: "other-registry" }),
      [],
    ],
    [
      "a digest",
      ({ registry }) => ({ imageName: `${registry.server}/azure-pipelines-agent@${registry.digest(registry.image)}` }),
      [],
    ],
    [
      "a private endpoint by an identity",
      ({ privateRegistry, pullIdentityId }) => ({ imageName: privateRegistry.image, registryIdentity: pullIdentityId }),
      ["warning image"],
    ],
  ];
  for (const [what, inputs, warnings] of images) {
    it(`takes ${what}${warnings.length > 0 ? ", and says that it cannot be looked at from here" : ""}`, () =>
      inPerfect(async (simulator) => {
        const { arm, deployer, pullIdentityId } = simulator;
        arm.access.assign({ principalId: deployer.objectId, role: owner, scope: pullIdentityId });
        const report = await lookAt(simulator, inputs(simulator));
        assert.deepEqual(report.flaws, warnings, report.text);
        assertUntouched(simulator);
      }));
  }

  it("works with no more than the shipped roles, and names what it then does not see", async () => {
    for (const permissionsNeedRight of [true, false]) {
      const simulator = await startSimulator({ azure: { permissionsNeedRight } });
      try {
        perfect(simulator, { Name: "Nothing", Actions: [] });
        const report = await lookAt(simulator);
        assert.deepEqual(report.flaws, ["warning rights of this check"], report.text);
        const told = report.flaw("rights of this check");
        assert.match(told, /provider Microsoft.ContainerInstance/);
        assert.equal(/role actions on/.test(told), permissionsNeedRight, told);
        assertUntouched(simulator);
      } finally {
        await simulator.stop();
      }
    }
  });

  it("reads all pages of a list, from Azure Resource Manager alone", () =>
    inPerfect(async (simulator) => {
      const { faults, ready, requests } = simulator;
      const page = (nextLink: string) => ({
        status: 200,
        body: { value: [{ actions: ["*"], notActions: [] }], nextLink },
      });
      const path = "/next/permissions";
      faults.add({ site: "arm", path: /permissions\?/, times: 1, effect: page(`${ready.arm}${path}`) });
      faults.add({ site: "arm", path, effect: page(new URL(path, ready.organizationUrl).href) });
      const report = await lookAt(simulator);
      assert.deepEqual(report.flaws, [], report.text);
      const followed = requests.entries.filter(({ url }) => url.includes(path)).map(({ site }) => site);
      assert.deepEqual(followed, ["arm"]);
    }));

  it("sees everything with the command that it names: Reader in the subscription", async () => {
    const simulator = await startSimulator();
    try {
      perfect(simulator, reader);
      const report = await lookAt(simulator);
      assert.deepEqual(report.flaws, [], report.text);
    } finally {
      await simulator.stop();
    }
  });
});
