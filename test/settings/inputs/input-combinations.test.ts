// Inputs that are right by themselves and wrong beside each other.
import assert from "node:assert/strict";
import { parse } from "../../../EphemeralAgentTask/src/settings/parse-settings.ts";
import { type RawParts, rawEndpoint, rawTask, subscription } from "../../in-memory/raw-inputs.ts";
import { made } from "./rows.ts";

const identity = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id`;
const pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
const container = { agentRegistration: "container" };
const windows = { ...container, osType: "Windows" };
const proxy = { agentProxyUrl: "http://proxy:3128" };
const pool = rawEndpoint({ tenantid: "t", serviceprincipalid: "c" }, {}, "WorkloadIdentityFederation");
const other = { azureDevOpsUrl: "https://dev.azure.com/fabrikam" };

const refused: Readonly<Record<string, readonly [inputs: RawParts["inputs"], said: Readonly<Record<string, RegExp>>]>> =
  {
    "Windows and registration by the task": [
      { osType: "Windows" },
      { agentRegistration: /allowed with osType Windows: container/ },
    ],
    "Windows and volumes": [
      { ...windows, volumes: "emptyDir mountPath=/a" },
      { volumes: /Windows containers have no/ },
    ],
    "Windows and a Linux path": [{ ...windows, workFolder: "/work" }, { workFolder: /an absolute path/ }],
    "an image that registers itself and a proxy": [
      { ...container, ...proxy },
      { agentProxyUrl: /it takes agentRegistration 'task'/ },
    ],
    "an image that registers itself and a standby pool": [
      { ...container, standbyPool: "agents" },
      { standbyPool: /it takes agentRegistration 'task'/ },
    ],
    "an image that registers itself and certificates": [
      { ...container, agentCaBundle: pem },
      { agentCaBundle: /it takes agentRegistration 'task'/ },
    ],
    "an image that registers itself and no token for it": [
      { ...container, connectedServiceNameAzureDevOps: "pool" },
      { azureDevOpsConnection: /needs a token: give azureDevOpsToken/ },
    ],
    "a container that deletes itself and registration by the task": [
      { selfDestruct: "true", userAssignedIdentities: identity },
      { selfDestruct: /it takes agentRegistration 'container'/ },
    ],
    "a container that deletes itself as nobody": [
      { ...container, selfDestruct: "true" },
      { selfDestruct: /one of userAssignedIdentities/ },
    ],
    "DNS servers and no network": [{ dnsServers: "10.0.0.4" }, { dnsServers: /they take a subnet/ }],
    "DNS search domains and no servers": [
      { dnsSearchDomains: "shop.internal" },
      { dnsSearchDomains: /used with dnsServers only/ },
    ],
    "another organization and the job's own token": [other, { azureDevOpsUrl: /its own organization only/ }],
    "another organization and the job's own token, given": [
      { ...other, azureDevOpsToken: "job-token" },
      { azureDevOpsUrl: /its own organization only/ },
    ],
    "a token and a connection": [
      { azureDevOpsToken: "abcdefgh", connectedServiceNameAzureDevOps: "pool" },
      { azureDevOpsConnection: /not both/ },
    ],
    "a proxy's password and no user": [
      { ...proxy, agentProxyPassword: "p" },
      { agentProxyUsername: /needed with agentProxyPassword/ },
    ],
    "a proxy's user and no proxy": [{ agentProxyUsername: "me" }, { agentProxyUrl: /is needed with the other/ }],
    "hosts without proxy and no proxy": [{ agentProxyBypass: "a" }, { agentProxyUrl: /is needed with the other/ }],
    "an identity that pulls from nowhere": [
      { registryIdentity: identity, imageName: "team/agent:1" },
      { imageName: /the registry must be in the name with registryIdentity: contoso\.azurecr\.io\/team\/agent:1/ },
    ],
    "an image of another registry": [
      { containerRegistry: "acr", imageName: "docker.io/team/agent" },
      { imageName: /it gives no access to docker\.io/ },
    ],
  };

describe("Inputs that do not go together", () => {
  for (const [what, [inputs, said]] of Object.entries(refused)) {
    it(`such as ${what} are refused, and nothing else is said`, () => {
      const parsed = parse(rawTask({ ...(inputs ? { inputs } : {}), endpoints: { pool } }));
      assert.ok("problems" in parsed, "these inputs must be refused");
      assert.deepEqual(
        parsed.problems.map(({ input }) => input),
        Object.keys(said),
      );
      for (const { input, allowed } of parsed.problems) assert.match(allowed, said[input] ?? /never/);
    });
  }
});

describe("Inputs that go together", () => {
  const taken = (inputs: NonNullable<RawParts["inputs"]>) => {
    const parsed = parse(rawTask({ inputs, endpoints: { pool } }));
    assert.ok("settings" in parsed, JSON.stringify("problems" in parsed && parsed.problems));
    return made(parsed.settings);
  };

  it("are a Windows image that registers itself and a path of Windows", () => {
    const settings = taken({ ...windows, workFolder: "C:\\azp\\work" });
    assert.deepEqual([settings.osType, settings.container.workFolder], ["Windows", "C:\\azp\\work"]);
  });

  it("are the own organization by its address and the job's own token, as the predecessor had it", () => {
    const settings = taken({ azureDevOpsUrl: "https://dev.azure.com/Contoso", azureDevOpsToken: "job-token" });
    assert.equal(settings.devops.url.toLowerCase(), "https://dev.azure.com/contoso/");
  });

  it("are an identity that pulls and a connection that says where", () => {
    const settings = taken({ registryIdentity: identity, containerRegistry: "acr", imageName: "agent:1" });
    assert.equal(settings.image, "contoso.azurecr.io/agent:1");
    assert.deepEqual(settings.registry, { kind: "identity", server: "contoso.azurecr.io", identityId: identity });
  });

  it("are DNS servers and a subnet", () => {
    const settings = taken({ dnsServers: "10.0.0.4", vnetName: "v", subnetName: "s" });
    assert.deepEqual(settings.container.dns, { servers: ["10.0.0.4"] });
  });
});
