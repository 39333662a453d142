// Whatever is given, the settings are right or every problem is told: no exception, no secret, one line a problem.
import assert from "node:assert/strict";
import fc from "fast-check";
import { TaskError } from "../../EphemeralAgentTask/src/errors/catalog.ts";
import { containerGroup, planAgent } from "../../EphemeralAgentTask/src/plan/agent-and-container-group.ts";
import { problemsError } from "../../EphemeralAgentTask/src/settings/input-problems.ts";
import type { RawEndpoint, RawTask } from "../../EphemeralAgentTask/src/settings/input-reader.ts";
import { parse } from "../../EphemeralAgentTask/src/settings/parse-settings.ts";
import type { Settings } from "../../EphemeralAgentTask/src/settings/settings.ts";
import { isSecret } from "../../EphemeralAgentTask/src/settings/text/secret-inputs.ts";
import { rawTask, subscription } from "../in-memory/raw-inputs.ts";
import { taskManifest } from "../package/manifests.ts";
import { canary, cases, hostile, orHostile, secret, stray } from "./hostile.ts";

const right: Readonly<Record<string, string>> = {
  connectedServiceNameARM: "azure",
  resourceGroupName: "rg-agents",
  agentPool: "agents",
  imageName: "contoso.azurecr.io/agent:1",
  subnetId: `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s`,
};

const addresses = new Set(["agentProxyUrl", "azureDevOpsUrl"]);
const connection = fc.constantFrom("azure", "acr", "docker", "federated", "gone");

function inputValue(name: string): fc.Arbitrary<string | undefined> {
  if (name.startsWith("connectedService") || name === "containerRegistry")
    return fc.oneof({ weight: 1, arbitrary: connection }, { weight: 12, arbitrary: orHostile(right[name]) });
  if (name === "action")
    return fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom("run", "create", "remove", "sweep", "check") },
      { weight: 1, arbitrary: hostile },
    );
  if (!isSecret(name) && !addresses.has(name)) return orHostile(right[name]);
  return fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: secret });
}

const inputs = fc.record(Object.fromEntries(taskManifest.inputs.map(({ name }) => [name, inputValue(name)])));

const variableNames = [
  "System.CollectionUri",
  "System.TeamFoundationCollectionUri",
  "System.CollectionId",
  "System.TeamProjectId",
  "System.TeamProject",
  "System.HostType",
  "System.OidcRequestUri",
  "System.PlanId",
  "System.JobId",
  "System.StageName",
  "System.StageAttempt",
  "System.JobAttempt",
  "Build.BuildId",
  "Release.ReleaseId",
  "Release.EnvironmentName",
  "Release.AttemptNumber",
];
const known = rawTask();
const variables = fc.record(Object.fromEntries(variableNames.map((name) => [name, orHostile(known.variable(name))])));

const parameterNames = ["tenantid", "serviceprincipalid", "registry", "username", "loginServer", "authenticationType"];
const secretNames = ["serviceprincipalkey", "password", "servicePrincipalCertificate", "AccessToken"];
const dataNames = ["subscriptionid", "environment", "activeDirectoryAuthority", "registrytype", "msiclientId"];
const given = (names: readonly string[], value: fc.Arbitrary<string | undefined>) =>
  fc.record(Object.fromEntries(names.map((name) => [name, value])));

const endpoint = fc
  .record({
    url: orHostile("https://management.azure.com/"),
    scheme: fc.oneof(
      fc.constantFrom("ServicePrincipal", "WorkloadIdentityFederation", "ManagedServiceIdentity", undefined),
      hostile,
    ),
    open: given(parameterNames, orHostile("x")),
    hidden: given(secretNames, fc.oneof(fc.constant(undefined), secret)),
    data: given(dataNames, orHostile("ACR")),
  })
  .map(
    ({ url, scheme, open, hidden, data }): RawEndpoint => ({
      url,
      scheme,
      parameter: (name) => ({ ...open, ...hidden })[name],
      data: (name) => data[name],
    }),
  );

const endpoints = fc.record({
  federated: endpoint,
  azure: fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: endpoint }),
  SYSTEMVSSCONNECTION: fc.oneof({ weight: 8, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: endpoint }),
});

const task = fc.record({ inputs, variables, endpoints }).map((all): RawTask & { toString(): string } => ({
  // A case that fails is printed by it.
  toString: () => JSON.stringify(all),
  input: (name) => all.inputs[name],
  variable: (name) => all.variables[name],
  endpoint: (id) => ({ ...all.endpoints })[id as "azure"] ?? known.endpoint(id),
}));

/** What a step would ask Azure for. */
function planned(settings: Settings): string {
  if (!("container" in settings)) return "";
  const agentPackage = { version: "5.0.0", url: "u", filename: "f", sha256: "s" };
  const [placement] = settings.placements;
  const plan = planAgent(settings, "abc123", 0);
  const located = { ...placement, location: placement.location ?? "westeurope", dnsServers: [] };
  const parts = { settings, plan, agent: undefined, agentPackage, poolName: settings.agentPool, registry: undefined };
  return JSON.stringify(containerGroup({ ...parts, placement: located, entrypoint: "" }));
}

describe("Whatever a step is given", () => {
  it("its settings are right, or EA101 lists every problem and no secret", () => {
    const seen = { settings: 0, problems: 0 };
    fc.assert(
      fc.property(task, (raw) => {
        const parsed = parse(raw);
        if ("settings" in parsed) {
          seen.settings++;
          assert.ok(Object.isFrozen(parsed.settings));
          assert.ok(!parsed.notes.join("\n").includes(canary));
          planned(parsed.settings);
          return;
        }
        seen.problems++;
        const error = problemsError(parsed.problems);
        assert.ok(error instanceof TaskError && error.code === "EA101");
        const lines = error.reason.split("\n");
        assert.equal(lines.length - 1, parsed.problems.length, "one line a problem");
        for (const line of lines.slice(1)) assert.match(line, /^ {4}- .+: .+; .+/);
        assert.ok(!error.message.includes(canary), "a secret is quoted");
        assert.doesNotMatch(error.message, /\n {4}at /, "a stack trace");
      }),
      cases,
    );
    console.log(`      ${seen.settings} right, ${seen.problems} with problems`);
    assert.ok(seen.settings > 0 && seen.problems > 0);
  });

  it("a secret in any input is not quoted", () => {
    const names = taskManifest.inputs.map(({ name }) => name).filter((name) => name !== "action");
    fc.assert(
      fc.property(fc.constantFrom(...names), stray, (name, { value, hidden }) => {
        const parsed = parse(rawTask({ inputs: { [name]: value } }));
        if (!("problems" in parsed)) return;
        const { message } = problemsError(parsed.problems);
        for (const piece of hidden) assert.ok(!message.includes(piece), `${name}: ${message}`);
      }),
      cases,
    );
  });

  it("one input alone that is wrong is told by its name", () => {
    const names = taskManifest.inputs.map(({ name }) => name).filter((name) => name !== "action");
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.oneof(hostile, secret), (name, value) => {
        const raw = rawTask({ inputs: { [name]: value } });
        const parsed = parse(raw);
        if (isSecret(name) && "problems" in parsed)
          assert.ok(!problemsError(parsed.problems).message.includes(canary), name);
      }),
      cases,
    );
  });
});
