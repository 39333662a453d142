// No secret that the task is given, or that comes into being for it, is seen by anybody else: not in what is printed, not
// in Azure, not in the pool, not in an address, not in the container. Whatever happens to the step.
import assert from "node:assert/strict";
import { askAzure } from "../scenario/manual-changes.ts";
import { unregistration } from "../scenario/task-requests.ts";
import { line } from "../scenario/wait-for-lines.ts";
import {
  canary,
  end,
  jobThatLooksAround,
  leftover,
  withPassword,
  withPrincipal,
  withStandbyPool,
} from "./canary-story.ts";

for (const [who, token] of [
  ["a personal access token", undefined],
  ["its job's own token", ""],
] as const) {
  const given = token === undefined ? {} : { azureDevOpsToken: token };

  describe(`Secrets of a step with ${who}`, () => {
    canary("stay secret in `run`, from beginning to end", async (bird, scene) => {
      const step = bird.step({ action: "run", ...withPassword(scene), ...given });
      const ended = step.execute();
      await line(step.lines, /container group requested/);
      await jobThatLooksAround(bird, step);
      const main = await ended;
      assert.equal(main.result, "succeeded", main.log);
      await end(bird, main);
      const expected = ["access token for Azure", "agent's key, d", "agent's key, p", "password of the registry"];
      for (const name of [...expected, "token of a job or an agent"])
        assert.ok(bird.secrets.names.includes(name), name);
    });

    canary("stay secret in `create` and `remove`", async (bird, scene) => {
      const created = bird.step({ action: "create", ...withPrincipal(scene), ...given });
      await end(bird, await created.execute());
      await jobThatLooksAround(bird, created);
      // What only somebody gets who may delete the group.
      const [group] = scene.simulator.arm.containerGroups();
      const deleted = await askAzure(scene.simulator, group?.id ?? "", { method: "DELETE" });
      assert.equal(deleted.status, 200);
      bird.add([["answer to the deletion of the container group", deleted.text]]);
      const removed = await bird.step({ action: "remove", ...given }, { run: created.run }).execute();
      assert.equal(removed.result, "succeeded", removed.log);
      await end(bird, removed);
    });

    canary("stay secret in a `sweep`", async (bird, scene) => {
      const { run } = await leftover(bird, scene);
      run.complete("failed");
      const swept = await bird.step({ action: "sweep", ...given }).execute();
      assert.equal(swept.result, "succeeded", swept.log);
      await end(bird, swept);
    });
  });
}

describe("Secrets of a step with a standby pool", () => {
  for (const action of ["run", "create"] as const) {
    canary(`stay secret in \`${action}\`, and the package that is handed over stays closed`, async (bird, scene) => {
      const step = bird.step({ action, ...(await withStandbyPool(bird, scene)) });
      const ended = step.execute();
      await line(step.lines, /claimed from standby pool/);
      if (action === "create") await ended;
      await jobThatLooksAround(bird, step);
      const main = await ended;
      assert.equal(main.result, "succeeded", main.log);
      await end(bird, main);
      const packages = scene.simulator.requests.entries.filter(({ url }) => /containerGroups\/eph-/.test(url));
      assert.ok(packages.length > 0);
      for (const name of ["agent's key, d", "standby pool's private key"]) assert.ok(bird.secrets.names.includes(name));
      if (action === "create") await end(bird, await bird.step({ action: "remove" }, { run: step.run }).execute());
    });
  }
});

for (const [how, ending] of [
  ["cancelled", (when: Promise<unknown>) => ({ cancelWhen: when })],
  ["killed", (when: Promise<unknown>) => ({ signals: [{ signal: "SIGKILL" as const, when }] })],
] as const) {
  describe(`Secrets of a step that is ${how}`, () => {
    for (const action of ["run", "create"]) {
      canary(`stay secret in a \`${action}\``, async (bird, scene) => {
        scene.expectRefusal(/^0 /);
        scene.simulator.arm.inject("does-nothing");
        const step = bird.step({ action, ...withPassword(scene) });
        const main = await step.execute(ending(line(step.lines, /container running$/)));
        assert.notEqual(main.result, "succeeded");
        await end(bird, main);
      });
    }

    for (const action of ["remove", "sweep"]) {
      canary(`stay secret in a \`${action}\``, async (bird, scene) => {
        scene.expectRefusal(/^0 /);
        const { run } = await leftover(bird, scene);
        if (action === "sweep") run.complete("failed");
        scene.simulator.faults.add({ site: "devops", method: "DELETE", times: 1, effect: { delayMs: 20_000 } });
        const step = bird.step({ action }, action === "remove" ? { run } : {});
        await end(bird, await step.execute(ending(scene.simulator.requests.seen(unregistration))));
        await end(bird, await bird.step({ action: "remove" }, { run }).execute());
      });
    }
  });
}
