// What the libraries would print of a service's answer, the agent would read as commands.
import assert from "node:assert/strict";
import { story } from "../scenario/scenario.ts";

const command = "##vso[task.setvariable variable=injected]by a header";

describe("The logs of the libraries", () => {
  story("stay out of the step's, whatever its environment asks for: no header becomes a command", async (scene) => {
    const { faults } = scene.simulator;
    const headers = { "x-ms-request-id": command, "x-ms-correlation-request-id": command };
    const injected = ["arm", "login", "devops"].map((site) =>
      faults.add({ site, effect: { alter: (answer) => ({ ...answer, headers: { ...answer.headers, ...headers } }) } }),
    );
    const env = { AZURE_LOG_LEVEL: "verbose", TYPESPEC_RUNTIME_LOG_LEVEL: "verbose", DEBUG: "*" };
    const step = scene.step({ action: "create", timeoutAgentOnline: "0" }, { env });
    const main = await step.execute();
    assert.equal(main.result, "succeeded", main.log);
    assert.ok(injected.every(({ hits }) => hits > 0));
    assert.ok(!main.raw.includes("by a header"));
    assert.deepEqual(
      Object.keys(main.outputs).filter((name) => name === "injected"),
      [],
    );
    assert.doesNotMatch(main.raw, /azure:|typespec/i);
    faults.clear();
    step.run.complete("failed");
    await scene.step({ action: "sweep" }).execute();
  });
});
