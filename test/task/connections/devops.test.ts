// Whose token registers the agent, and where: the job's own, a personal access token, a connection without any token.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  devOpsConnection,
  projectConnections,
} from "../../../simulator/pipeline-runner/service-connections/project-connections.ts";
import { type Simulator, startSimulator } from "../../../simulator/start-simulator.ts";
import { stepIn } from "../harness/in-simulator.ts";
import { assertFailure } from "../scenario/expected-messages.ts";
import { type Scene, story } from "../scenario/scenario.ts";
import type { StepPart } from "../scenario/step.ts";
import { registration, unregistration } from "../scenario/task-requests.ts";
import { wholeLife } from "./ways.ts";

/** Who registered and removed agents, as the organization knows them. */
const registrars = ({ requests }: Simulator): string[] => [
  ...new Set(
    requests.entries.filter((one) => registration(one) || unregistration(one)).map(({ caller = "nobody" }) => caller),
  ),
];

/** The job's own token may do nothing in the pool. */
function powerlessJob({ simulator }: Scene): void {
  const { organization, ready } = simulator;
  organization.setBuildServiceRole(ready.pool, ready.project, null);
}

describe("The agent is registered", () => {
  story("by the job's own token", async (scene) => {
    await wholeLife(scene, {});
    assert.deepEqual(registrars(scene.simulator), ["Shop Build Service (contoso)"]);
  });

  story("by a personal access token, and the job's own may be powerless", async (scene) => {
    powerlessJob(scene);
    const azureDevOpsToken = scene.simulator.organization.pat;
    const created = await wholeLife(scene, { azureDevOpsToken });
    assert.deepEqual(registrars(scene.simulator), ["Pool Owner"]);
    assert.ok(!created.log.includes(azureDevOpsToken), "the token is not in the log");
  });

  story("by a workload identity, without a token that is kept anywhere", async (scene) => {
    powerlessJob(scene);
    await wholeLife(scene, { connectedServiceNameAzureDevOps: "devops-federated" });
    assert.deepEqual(registrars(scene.simulator), ["agent-registrar"]);
  });

  story("by nobody when the workload identity is no member of the organization: EA501", async (scene) => {
    scene.expectRefusal(/^401 devops (GET|OPTIONS) /);
    const { simulator } = scene;
    const { directory } = simulator.entra;
    const [federation] = directory.find(simulator.registrar.appId)?.federatedCredentials ?? [];
    assert.ok(federation);
    const stranger = directory.addServicePrincipal("stranger");
    directory.addFederatedCredential(stranger.appId, federation);
    const { organizationUrl, authority, tenantId } = simulator.ready;
    const at = { organizationUrl, authority, tenantId, clientId: stranger.appId };
    const connection = devOpsConnection("devops-federated", at);
    const endpoints = projectConnections(simulator).map((one) => (one.id === connection.id ? connection : one));
    const inputs = { action: "create", connectedServiceNameAzureDevOps: "devops-federated" };
    const main = await scene.step(inputs, { endpoints }).execute();
    assertFailure(main, "EA501");
    assert.deepEqual(registrars(simulator), []);
  });
});

/** Runs `body` beside another organization, which has certificates and tokens of its own. */
async function besideAnother(
  { simulator }: Scene,
  body: (other: Simulator, trusting: StepPart) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "authorities-"));
  const other = await startSimulator();
  try {
    const both = join(folder, "both.pem");
    writeFileSync(both, [simulator.caFile, other.caFile].map((file) => readFileSync(file, "utf8")).join("\n"));
    await body(other, { environment: { NODE_EXTRA_CA_CERTS: both } });
    assert.deepEqual(other.leftBehind(), { agents: [], containerGroups: [] });
  } finally {
    await other.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("Another organization", () => {
  story("gets the agent by a token of its own, and never sees the job's", (scene) =>
    besideAnother(scene, async (other, trusting) => {
      const { simulator } = scene;
      const inputs = {
        azureDevOpsUrl: other.organization.url,
        azureDevOpsToken: other.organization.pat,
        agentCaBundle: readFileSync(other.caFile, "utf8"),
      };
      const step = scene.step({ action: "create", ...inputs }, trusting);
      const created = await step.execute();
      assert.equal(created.result, "succeeded", created.log);
      const name = created.outputs.agentName?.value;
      assert.deepEqual(
        other.organization.agents().map((agent) => agent.name),
        [name],
      );
      assert.deepEqual(simulator.organization.agents(), []);
      const { outcome } = stepIn(other, {}).queueJob("true", [`EphemeralAgent.Run -equals ${step.run.id}`]);
      const served = await outcome;
      assert.deepEqual([served.result, served.agentName], ["succeeded", name]);
      const removed = await scene.step({ action: "remove", ...inputs }, { ...trusting, run: step.run }).execute();
      assert.equal(removed.result, "succeeded", removed.log);
      assert.deepEqual(registrars(other), ["Pool Owner"]);
      assert.deepEqual(registrars(simulator), []);
      const strangers = other.requests.entries.filter(
        ({ site, status, anonymous }) => site === "devops" && status === 401 && !anonymous,
      );
      assert.deepEqual(strangers, [], "no token came that is not of this organization");
    }),
  );

  story("is not asked for anything with the job's own token: EA101", (scene) =>
    besideAnother(scene, async (other, trusting) => {
      const main = await scene.step({ action: "create", azureDevOpsUrl: other.organization.url }, trusting).execute();
      assertFailure(main, "EA101", /the job's own token goes to its own organization only/);
      assert.deepEqual(other.requests.entries, []);
    }),
  );
});
