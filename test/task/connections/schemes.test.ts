// Every authentication scheme in every cloud: the cloud is known by the connection's own addresses, which here are the
// simulator's. It believes no secret, signature, assertion or identity but the right one.
import assert from "node:assert/strict";
import { clientCertificate } from "../../../simulator/entra/client-certificate.ts";
import type { LoggedRequest } from "../../../simulator/http/request-log.ts";
import {
  type AzureForm,
  azureConnectionOf,
  type Cloud,
} from "../../../simulator/pipeline-runner/service-connections/connection-formats.ts";
import {
  managedMachineEnvironment,
  schemes,
} from "../../../simulator/pipeline-runner/service-connections/project-connections.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { type Scene, story } from "../scenario/scenario.ts";
import { creation } from "../scenario/task-requests.ts";
import { assertNoWay, creators, wholeLife } from "./ways.ts";

interface Scheme {
  readonly name: string;
  form(simulator: Simulator): Pick<AzureForm, "authorization" | "managedIdentityClientId">;
  /** Whom Azure saw. */
  readonly caller: string;
  /** Requests by which it became known, each of which was believed. */
  readonly proofs: readonly (readonly [site: string, path: RegExp])[];
}

const signIn = ["login", /\/oauth2\/v2\.0\/token$/] as const;
const metadata = ["imds", /\/metadata\/identity\/oauth2\/token\/?$/] as const;

const all: readonly Scheme[] = [
  {
    name: "a secret",
    form: ({ ready, deployer }) => ({
      authorization: schemes.secret(ready.tenantId, deployer.appId, deployer.secret),
    }),
    caller: "ephemeral-agents",
    proofs: [signIn],
  },
  {
    name: "a certificate",
    form: ({ ready, deployer, deployerCertificate }) => ({
      authorization: schemes.certificate(ready.tenantId, deployer.appId, deployerCertificate()),
    }),
    caller: "ephemeral-agents",
    proofs: [signIn],
  },
  {
    name: "a federated assertion",
    form: ({ ready, deployer }) => ({ authorization: schemes.federated(ready.tenantId, deployer.appId) }),
    caller: "ephemeral-agents",
    proofs: [["devops", /\/oidctoken$/], signIn],
  },
  {
    name: "the machine's own identity",
    form: ({ ready }) => ({ authorization: schemes.managedIdentity(ready.tenantId) }),
    caller: "agent-machine",
    proofs: [metadata],
  },
  {
    name: "a user-assigned identity of the machine",
    form: ({ ready, machine }) => ({
      authorization: schemes.managedIdentity(ready.tenantId),
      managedIdentityClientId: machine.userAssigned.principal.appId,
    }),
    caller: "id-agent-machine",
    proofs: [metadata],
  },
];

const clouds: readonly Cloud[] = ["AzureCloud", "AzureChinaCloud", "AzureUSGovernment", "AzureStack"];

/** The one name by which the organization vouches for a federated connection of this project. */
const name = "azure-federated";

/** The step's connection, and a machine that has identities. */
function connectedBy({ simulator }: Scene, form: AzureForm) {
  const connection = azureConnectionOf(name, simulator.ready, form);
  const inputs = { azureSubscription: connection.id };
  return { inputs, part: { endpoints: [connection], environment: managedMachineEnvironment(simulator) } };
}

const pathOf = ({ url }: LoggedRequest) => new URL(url).pathname;

for (const cloud of clouds) {
  describe(`A connection to ${cloud}`, () => {
    for (const { name: scheme, form, caller, proofs } of all) {
      story(`works by ${scheme}`, async (scene) => {
        const { simulator } = scene;
        const { inputs, part } = connectedBy(scene, { ...form(simulator), cloud });
        await wholeLife(scene, inputs, part);
        assert.deepEqual(creators(scene), [caller]);
        for (const [site, path] of proofs) {
          const asked = simulator.requests.entries.filter((one) => one.site === site && path.test(pathOf(one)));
          assert.ok(asked.length > 0, `nothing asked ${site} for ${path}`);
        }
        const sites = proofs.map(([site]) => site);
        for (const other of ["login", "imds"].filter((site) => !sites.includes(site))) {
          assert.ok(!simulator.requests.entries.some(({ site }) => site === other), `${other} has no part in it`);
        }
      });
    }
  });
}

describe("A connection that proves nothing", () => {
  story("has a wrong secret: EA201 with Entra's words", async (scene) => {
    scene.expectRefusal(/^401 login POST /);
    const { ready, deployer } = scene.simulator;
    const wrong = deployer.secret.split("").reverse().join("");
    const authorization = schemes.secret(ready.tenantId, deployer.appId, wrong);
    const { inputs, part } = connectedBy(scene, { authorization });
    const main = await assertNoWay(
      scene,
      inputs,
      part,
      "EA201",
      /^Microsoft Entra ID \(localhost:\d+\): AADSTS7000215: Invalid client/,
    );
    assert.ok(!main.log.includes(wrong));
  });

  story("has an expired certificate: EA211", async (scene) => {
    scene.expectRefusal(/^401 login POST /);
    const { ready, deployer, entra } = scene.simulator;
    const pem = clientCertificate("expired", { notAfter: new Date(Date.now() - 60_000) });
    entra.directory.addCertificate(deployer.appId, pem);
    const authorization = schemes.certificate(ready.tenantId, deployer.appId, pem);
    const { inputs, part } = connectedBy(scene, { authorization });
    await assertNoWay(scene, inputs, part, "EA211", /AADSTS700027: .*is expired on application/);
  });

  story("has a certificate that the application does not know: EA211", async (scene) => {
    scene.expectRefusal(/^401 login POST /);
    const { ready, deployer } = scene.simulator;
    const authorization = schemes.certificate(ready.tenantId, deployer.appId, clientCertificate("stranger"));
    const { inputs, part } = connectedBy(scene, { authorization });
    await assertNoWay(scene, inputs, part, "EA211", /AADSTS700027: .*is not registered on application/);
  });

  for (const [what, other, aadsts] of [
    ["subject", { subject: "sc://contoso/Shop/renamed" }, "AADSTS700213"],
    ["issuer", { issuer: "https://localhost/somebody-else" }, "AADSTS700211"],
    ["audience", { audience: "api://SomethingElse" }, "AADSTS700212"],
  ] as const) {
    story(`is federated for another ${what}: EA210 with ${aadsts}`, async (scene) => {
      scene.expectRefusal(/^401 login POST /);
      const { ready, entra, deployer } = scene.simulator;
      const [federation] = entra.directory.find(deployer.appId)?.federatedCredentials ?? [];
      assert.ok(federation);
      const stranger = entra.directory.addServicePrincipal("federated-otherwise");
      entra.directory.addFederatedCredential(stranger.appId, { ...federation, ...other });
      const authorization = schemes.federated(ready.tenantId, stranger.appId);
      const { inputs, part } = connectedBy(scene, { authorization });
      await assertNoWay(scene, inputs, part, "EA210", new RegExp(aadsts));
    });
  }

  story("names an identity that the machine does not have: EA227", async (scene) => {
    scene.expectRefusal(/^400 imds GET /);
    const authorization = schemes.managedIdentity(scene.simulator.ready.tenantId);
    const form = { authorization, managedIdentityClientId: "00000000-1111-2222-3333-444444444444" };
    const { inputs, part } = connectedBy(scene, form);
    await assertNoWay(scene, inputs, part, "EA227", /Identity not found/);
  });
});

describe("The job token", () => {
  story("is sent to nobody but the organization, whatever address asks for it", async (scene) => {
    const { ready, deployer, registry } = scene.simulator;
    const authorization = schemes.federated(ready.tenantId, deployer.appId);
    const { inputs, part } = connectedBy(scene, { authorization });
    const foreign = `https://${registry.server}/contoso/oidctoken`;
    const variables = { "System.OidcRequestUri": foreign };
    await assertNoWay(scene, inputs, { ...part, variables }, "EA101", /must be on the organization's own host/);
    assert.deepEqual(scene.simulator.requests.entries, [], "nobody was asked for anything");
  });
});

/** Seconds that a token of Azure is good for here. */
const lifetime = 5;

describe("A token that expires while the step waits", () => {
  for (const scheme of ["a secret", "a federated assertion"]) {
    story(
      `is renewed by ${scheme}`,
      async (scene) => {
        const { simulator } = scene;
        const { requests } = simulator;
        const found = all.find((one) => one.name === scheme);
        assert.ok(found);
        const { inputs, part } = connectedBy(scene, found.form(simulator));
        const step = scene.step({ action: "run", ...inputs }, part);
        const ended = step.execute();
        const { time } = await requests.answered(creation);
        const expired = Date.parse(time) + lifetime * 1000;
        const late = (one: LoggedRequest) => Date.parse(one.time) > expired;
        await requests.seen(late);
        const { outcome } = step.queueJob("true", [`EphemeralAgent.Run -equals ${step.run.id}`]);
        assert.equal((await outcome).result, "succeeded");
        const main = await ended;
        assert.equal(main.result, "succeeded", main.log);
        const signIns = requests.entries.filter(({ site, method }) => site === "login" && method === "POST");
        assert.ok(signIns.some(late), "a new token was asked for when the first was no longer good");
      },
      { azure: { tokenLifetimeSeconds: lifetime } },
    );
  }
});
