import assert from "node:assert/strict";
import { containerGroup, planAgent } from "../../EphemeralAgentTask/src/plan/agent-and-container-group.ts";
import { marksInVariable } from "../../EphemeralAgentTask/src/plan/marks-variable.ts";
import {
  madeByRun,
  marksOf,
  ofResourceGroup,
  ofStage,
  ownerOf,
  stageOf,
} from "../../EphemeralAgentTask/src/plan/owner-marks.ts";
import { resourceGroupId } from "../../EphemeralAgentTask/src/plan/resource-group-id.ts";
import type { AgentView } from "../../EphemeralAgentTask/src/ports.ts";
import type { CreateSettings } from "../../EphemeralAgentTask/src/settings/settings.ts";
import { settings } from "../in-memory/valid-settings.ts";

const agentPackage = { version: "4.0.0", url: "u", filename: "f", sha256: "s" };
const collectionId = "8c9d2f10-52c4-4f3e-9a3b-0a9a4f6f1a11";
const files = { "agent.json": "", "credentials.json": "", "rsaparams.json": "" };

function group(given: CreateSettings) {
  const plan = planAgent(given, "abc123", 0);
  return containerGroup({
    settings: given,
    plan,
    agent: given.registration === "task" ? { id: 1, name: plan.name, files } : undefined,
    agentPackage,
    poolName: "agents",
    placement: { location: "westeurope", dnsServers: [], cpu: 1, memoryInGB: 1 },
    registry: undefined,
    entrypoint: "",
  });
}

/** What the start script is told by the task's registration: `IDLE_SECONDS=…` and so on. */
function startSettings(given: CreateSettings): Record<string, string> {
  const [start = ""] = group(given).volumes.flatMap((one) => (one.kind === "secret" ? [one.files["start.env"]] : []));
  return Object.fromEntries(
    start
      .trim()
      .split("\n")
      .map((line) => line.split(/=(.*)/s, 2)),
  );
}

describe("The container group of an agent that its container registers", () => {
  const given = settings({ registration: "container", onlineMs: 60_000, idleMs: 120_000, lifetimeMs: 240_000 });
  const own = ({ environment }: ReturnType<typeof group>) =>
    Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith("EPHEMERAL_")));

  it("has the limits that one has which the task registers", () => {
    const { IDLE_SECONDS, LIFETIME_SECONDS } = startSettings({ ...given, registration: "task" });
    assert.equal(IDLE_SECONDS, String(60 + 120 + 5 * 60));
    assert.deepEqual(own(group(given)), {
      EPHEMERAL_IDLE_SECONDS: IDLE_SECONDS,
      EPHEMERAL_LIFETIME_SECONDS: LIFETIME_SECONDS,
    });
  });

  it("names the user's variables, so that the job gets those whose names look secret", () => {
    const container = {
      ...given.container,
      environment: { NUGET_KEY: "plain" },
      secretEnvironment: { NUGET_TOKEN: "secret" },
    };
    const { KEEP_ENVIRONMENT, SECRET_ENVIRONMENT } = startSettings({ ...given, registration: "task", container });
    assert.equal(KEEP_ENVIRONMENT, "NUGET_KEY,NUGET_TOKEN");
    assert.equal(SECRET_ENVIRONMENT, "NUGET_TOKEN");
    const settled = own(group({ ...given, container }));
    assert.equal(settled.EPHEMERAL_KEEP_ENVIRONMENT, KEEP_ENVIRONMENT);
    assert.equal(settled.EPHEMERAL_SECRET_ENVIRONMENT, SECRET_ENVIRONMENT);
  });

  it("tells the agent of an image with another script what the pool must not show, besides what the user says", () => {
    const container = {
      ...given.container,
      environment: { NUGET_KEY: "plain", COLOR: "red", VSO_AGENT_IGNORE: "MINE" },
      secretEnvironment: { ANIMAL: "secret" },
    };
    const { environment } = group({ ...given, container });
    const names = environment.VSO_AGENT_IGNORE?.split(",");
    assert.deepEqual(names, ["MINE", "AZP_TOKEN", "AZP_TOKEN_FILE", "VSO_AGENT_IGNORE", "ANIMAL", "NUGET_KEY"]);
    const own = { ...given.container, secretEnvironment: { VSO_AGENT_IGNORE: "X" } };
    assert.equal(group({ ...given, container: own }).environment.VSO_AGENT_IGNORE, undefined);
  });

  it("tells its agent whose its record is, in a value that agents show however long the names are", () => {
    const long = "x".repeat(1_000);
    const run = { ...given.run, collectionId, organizationUrl: `https://dev.azure.com/${long}/`, stage: `"${long}` };
    const azure = { ...given.azure, subscriptionId: "12345678-1234-1234-1234-123456789012" };
    const longest = settings({ ...given, run, azure, resourceGroupName: "g".repeat(90) });
    for (const one of [given, longest]) {
      const { environment, tags, name } = group(one);
      const { AZP_OWNER_MARKS = "" } = environment;
      assert.ok(AZP_OWNER_MARKS.length < 1024, `${AZP_OWNER_MARKS.length}`);
      const record = { name, systemCapabilities: { AZP_OWNER_MARKS }, capabilities: {} } as unknown as AgentView;
      const marks = marksOf(record);
      assert.ok(!madeByRun(one.run, marksOf({ ...record, name: "build-machine" })), "a copy says nothing");
      assert.ok(madeByRun(one.run, marks));
      assert.ok(ofStage(one.run.stage, stageOf(marks)));
      assert.ok(ofResourceGroup(resourceGroupId(one), marks));
      assert.deepEqual(ownerOf(one.run, marks)?.expires, ownerOf(one.run, tags)?.expires);
    }
  });

  it("is nobody's whose variable has no marks", () => {
    for (const AZP_OWNER_MARKS of ["", "x", "null", "1", "[]", '"text"', '{"EphemeralAgent.Run":7}', "{"])
      assert.deepEqual(Object.values(marksInVariable({ AZP_OWNER_MARKS })), []);
    assert.deepEqual(marksInVariable({}), {});
  });

  it("remembers over a restart of the container what it was, except on Windows, which has no such volume", () => {
    assert.deepEqual(group(given).volumes, [
      { kind: "emptyDir", name: "ephemeral-state", mountPath: "/mnt/ephemeral-state" },
    ]);
    const windows = group({ ...given, osType: "Windows" });
    assert.deepEqual(windows.volumes, []);
    assert.deepEqual(own(windows), own(group(given)));
  });

  it("gets the token, and nothing else that is secret, where nobody who reads the group sees it", () => {
    const { environment, secretEnvironment } = group(given);
    assert.deepEqual(secretEnvironment, { AZP_TOKEN: "secret-token" });
    assert.doesNotMatch(JSON.stringify(environment), /secret/);
  });
});
