// Secrets that users give to their jobs, searched for in everything that a step leaves: in what it says of an input that it
// refuses, among the capabilities of the agent, and around the masks that it sets.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import type { TaskRun } from "../harness/run-task.ts";
import type { Canary } from "../secrets/canary.ts";
import { canary, demand, end } from "../secrets/canary-story.ts";

/** A key in lines. Each of them is a secret, but for the first ones, which hold the modulus. */
function keyOf(bird: Canary): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ format: "pem", type: "pkcs8" }).toString().trim();
  const lines = pem.split("\n").slice(8, -2);
  assert.ok(lines.length > 10);
  for (const line of lines) bird.secrets.add("the user's key", line);
  return pem;
}

function typed(bird: Canary, name: string): string {
  const value = `typed-in-by-the-user-${name}-4711`;
  bird.secrets.add(`the user's ${name}`, value);
  return value;
}

const masks = ({ raw }: TaskRun) => [...raw.matchAll(/^##vso\[task\.setsecret\](.*)$/gm)].map(([, mask]) => mask);

describe("Secrets in inputs", () => {
  for (const [where, inputs] of [
    ["as one value of several lines", (key: string) => ({ secretEnvironmentVariables: `SSH_KEY=${key}` })],
    ["as a line without a name", (key: string) => ({ secretEnvironmentVariables: key })],
    ["among the open variables", (key: string) => ({ environmentVariables: `SSH_KEY=${key}` })],
    ["among the tags", (key: string) => ({ tags: `owner=${key}` })],
    ["in a block without an end", (key: string) => ({ secretEnvironmentVariables: `SSH_KEY<<END\n${key}` })],
    [
      "as the key of a file share",
      (key: string) => ({ volumes: `azureFile share=cache account=stshop key=${key} mountPath=/cache` }),
    ],
    ["among the capabilities", (key: string) => ({ capabilities: `Team=${key}` })],
    ["among the fallbacks", (key: string) => ({ fallbacks: key })],
  ] as const) {
    for (const action of ["run", "create", "check"]) {
      canary(`are not quoted by \`${action}\` when a key is given ${where}`, async (bird) => {
        const main = await bird.step({ action, ...inputs(keyOf(bird)) }).execute();
        assert.equal(main.result, "failed", main.log);
        assert.match(main.log, /EA101[\s\S]*not shown/);
        await end(bird, main);
      });
    }
  }

  canary("are no capabilities of the agent, and its job has them", async (bird) => {
    const names = ["DEPLOY_TOKEN", "colour", "Feed_Key", "DATABASE_URL", "plainName"];
    const given = names.map((name) => `${name}=${typed(bird, name)}`).join("\n");
    const step = bird.step({
      action: "create",
      secretEnvironmentVariables: `${given}\nSSH_KEY<<END\n${keyOf(bird)}\nEND`,
    });
    const main = await step.execute();
    assert.equal(main.result, "succeeded", main.log);
    // The look at the pool comes after the listener has told what it can do, which is before it gets a job.
    const job = step.queueJob(
      '[ "$plainName" = "typed-in-by-the-user-plainName-4711" ] && [ -n "$SSH_KEY" ]',
      demand(step),
    );
    assert.equal((await job.outcome).result, "succeeded");
    await end(bird, main);
    await end(bird, await bird.step({ action: "remove" }, { run: step.run }).execute());
  });

  canary("become masks by their length, so that what is no secret is left readable", async (bird) => {
    const key = keyOf(bird);
    const secretEnvironmentVariables = `FLAG=e\nSTATE=on\nNUGET=${typed(bird, "feed key")}\nSSH_KEY<<END\n${key}\nEND`;
    const volumes = "emptyDir mountPath=/work";
    const step = bird.step({ action: "create", secretEnvironmentVariables, volumes, timeoutAgentOnline: "0" });
    const main = await step.execute();
    assert.equal(main.result, "succeeded", main.log);
    const hidden = masks(main);
    for (const secret of ["typed-in-by-the-user-feed key-4711", ...key.split("\n").slice(8, -2)])
      assert.ok(hidden.includes(secret), "it must be hidden");
    for (const open of ["e", "on", "/work", volumes]) assert.ok(!hidden.includes(open), `'${open}' is no secret`);
    assert.match(main.log, /^Container group: 1 CPU, 2 GB in westeurope, subnet snet-agents$/m);
    assert.doesNotMatch(main.raw, /FLAG=e/);
    await end(bird, main);
    step.run.complete("failed");
    await end(bird, await bird.step({ action: "sweep" }).execute());
  });
});
