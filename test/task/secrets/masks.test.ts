// Masks hide every occurrence in the whole log, so only secrets that are worth it become one; the others are never printed.
import assert from "node:assert/strict";
import type { TaskRun } from "../harness/run-task.ts";
import { story } from "../scenario/scenario.ts";

/** What the task told the agent to hide. */
const masks = ({ raw }: TaskRun) => [...raw.matchAll(/^##vso\[task\.setsecret\](.*)$/gm)].map(([, mask]) => mask);

/** What the process wrote besides that. */
const written = ({ raw }: TaskRun) =>
  raw
    .split("\n")
    .filter((line) => !line.startsWith("##vso[task.setsecret]"))
    .join("\n");

const variables = { "System.Debug": "true" };

const keyLines = ["MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj", "AgEAAoIBAQC7VJTUt9Us8cKjMzEfYyji", "Wa9dR0T1q3w8yq7N=="];
const key = `-----BEGIN PRIVATE KEY-----\n${keyLines.join("\n")}\n-----END PRIVATE KEY-----`;

describe("Masks", () => {
  story("are no letters and no folders, and damage no command", async (scene) => {
    scene.simulator.arm.inject("does-nothing");
    const inputs = {
      action: "create",
      timeoutAgentOnline: "0",
      secretEnvironmentVariables: `FLAG=e\nSTATE=on\nNUGET=typed-in-feed-key\nSSH_KEY<<END\n${key}\nEND`,
      environmentVariables: "STAGE=created",
      volumes: "emptyDir mountPath=/work\nemptyDir mountPath=/agent",
    };
    const step = scene.step(inputs, { variables });
    const main = await step.execute();
    assert.equal(main.result, "succeeded", main.log);
    const hidden = masks(main);
    for (const secret of ["typed-in-feed-key", ...keyLines]) assert.ok(hidden.includes(secret), "it must be hidden");
    for (const open of ["e", "on", "created", "/work", "/agent", "emptyDir mountPath=/work"])
      assert.ok(!hidden.includes(open), `'${open}' is no secret`);
    assert.match(main.log, /^Container group: 1 CPU, 2 GB in westeurope, subnet snet-agents$/m);
    assert.match(main.log, /container group requested \(\/subscriptions\/\S+\/containerGroups\/eph-/);
    assert.match(main.outputs.agentName?.value ?? "", /^eph-/, JSON.stringify(Object.keys(main.outputs)));
    for (const secret of ["typed-in-feed-key", ...keyLines]) assert.ok(!written(main).includes(secret));
    assert.doesNotMatch(written(main), /FLAG=e/);
    step.run.complete("failed");
    await scene.step({ action: "sweep" }).execute();
  });

  story("or not, no line of a key is printed that was not given as one value", async (scene) => {
    const inputs = { action: "create", secretEnvironmentVariables: `SSH_KEY=${key}`, environmentVariables: key };
    const main = await scene.step(inputs, { variables }).execute();
    assert.equal(main.result, "failed");
    assert.match(main.log, /EA101/);
    assert.match(main.log, /- secretEnvironmentVariables: line 2 \(not shown\); .*NAME<<END/);
    assert.match(main.log, /- environmentVariables: line 1 \(not shown\)/);
    for (const line of keyLines) assert.ok(!written(main).includes(line), "a line of the key is printed");
  });

  story("hide what somebody put into an input that is for no secret", async (scene) => {
    const token = "dXNlcjpQYXNzdzByZFBhc3N3MHJkUGFzc3cwcmQ5Tm93";
    const inputs = {
      action: "create",
      containerRegistry: token,
      imageName: "https://u:S3cretPassw0rd@contoso.azurecr.io/a",
    };
    const main = await scene.step(inputs, { variables }).execute();
    assert.equal(main.result, "failed");
    const hidden = masks(main);
    for (const secret of [token, "S3cretPassw0rd"]) {
      assert.ok(hidden.includes(secret), "it must be hidden");
      assert.ok(!written(main).includes(secret), "it is printed");
    }
  });
});
