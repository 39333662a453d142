// Secrets that stand in the pipeline file instead of secret variables: the agent does not know them, so the task tells it.
import assert from "node:assert/strict";
import { story } from "../scenario/scenario.ts";
import { told } from "./canary.ts";
import { look } from "./reader-view.ts";
import { Secrets } from "./secret-values.ts";

describe("Secrets that were typed into the pipeline", () => {
  const secrets = new Secrets();
  const known = (name: string, value: string): string => {
    secrets.add(name, value);
    return value;
  };
  const typed = (name: string) => known(name, `typed-in-${name}-with-a-;-and-a-%-in-it`);
  const key = (name: string) => known(name, Buffer.from(`key-of-the-${name}`.padEnd(64, "~")).toString("base64"));
  const reachable = {
    secretEnvironmentVariables: `FIRST_OF_ALL=${typed("first")}\nSECOND=${typed("second")}`,
    agentProxyUrl: "http://proxy.contoso.com:3128",
    agentProxyUsername: "agents",
    agentProxyPassword: typed("proxy"),
  };
  const refused = {
    ...reachable,
    volumes: `azureFile share=cache account=stshop key=${key("storage")} mountPath=/cache`,
    logAnalyticsWorkspaceId: "11111111-2222-3333-4444-555555555555",
    logAnalyticsWorkspaceKey: key("workspace"),
  };
  const variables = { "System.Debug": "true" };

  story("are seen by nobody else when a container gets them", async (scene) => {
    scene.simulator.arm.inject("does-nothing");
    const step = scene.step({ action: "create", timeoutAgentOnline: "0", ...reachable }, { variables });
    const main = await step.execute();
    assert.equal(main.result, "succeeded", main.log);
    const seen = await look(scene.simulator);
    assert.ok(seen.some(([where, text]) => where === "container group" && text.includes("FIRST_OF_ALL")));
    assert.deepEqual(secrets.hits([...told("step", main, false), ...seen]), []);
    step.run.complete("failed");
    await scene.step({ action: "sweep" }).execute();
  });

  story("are seen by nobody when none gets them", async (scene) => {
    scene.expectRefusal(/^400 arm PUT /);
    const error = { code: "InvalidRequestContent", message: "The request content was invalid." };
    scene.simulator.faults.add({ site: "arm", method: "PUT", effect: { status: 400, body: { error } } });
    const main = await scene.step({ action: "run", ...refused }, { variables }).execute();
    assert.match(main.log, /EA208/);
    assert.deepEqual(secrets.hits(told("step", main, false)), []);
  });
});
