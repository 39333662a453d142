// The search for secrets would find one: in every place, in every form.
import assert from "node:assert/strict";
import { tasks } from "../../simulator/job-execution/job-fixture.ts";
import { runTask } from "../harness/run-task.ts";
import { askAzure } from "../scenario/manual-changes.ts";
import { told } from "./canary.ts";
import { canary, demand, withPassword } from "./canary-story.ts";
import { lookAround } from "./job-view.ts";
import { Secrets } from "./secret-values.ts";

describe("The search for secrets", () => {
  canary("finds what is hidden in every place that it looks at", async (bird, scene) => {
    // An agent's name is no secret and is everywhere.
    const marker = "canary-in-a-coal-mine";
    const planted = new Secrets();
    planted.add("marker", marker);
    const step = bird.step({ action: "create", agentPrefix: marker, ...withPassword(scene) });
    const main = await step.execute();
    const inside = lookAround();
    await step.queueJob(inside.script, demand(step)).outcome;
    const [group] = scene.simulator.arm.containerGroups();
    const deleted = await askAzure(scene.simulator, group?.id ?? "", { method: "DELETE" });
    await bird.step({ action: "remove" }, { run: step.run }).execute();
    bird.add([...told("step", main, false), ...inside.places(), ["deletion", deleted.text]]);
    const hits = planted.hits(await bird.places());
    for (const place of [
      /^marker: step: log$/,
      /^marker: step: line \d+ of the output$/,
      /^marker: step: output agentName$/,
      /^marker: list of container groups$/,
      /^marker: container group$/,
      /^marker: deletion$/,
      /^marker: agents of the pool$/,
      /^marker: job requests of the pool$/,
      /^marker: address of a request$/,
      /^marker: PUT \//,
      /^marker: file agent\.json of the container's volume$/,
      /^marker: container's environment$/,
      /^marker: container's environments$/,
      /^marker: container's processes$/,
      /^marker: container's files\/azp\/agent\/\.agent$/,
    ]) {
      assert.ok(
        hits.some((hit) => place.test(hit)),
        `${place} in\n${hits.join("\n")}`,
      );
    }
  });

  it("looks at task variables, progress, issues and summaries, too", async () => {
    const secrets = new Secrets();
    secrets.add("token", "the-token-of-this-job");
    const code = `
      const fs = require("node:fs");
      fs.writeFileSync("summary.md", "the-token-of-this-job");
      console.log("##vso[task.settaskvariable variable=state]the-token-of-this-job");
      console.log("##vso[task.settaskvariable variable=hidden;issecret=true]it is the-token-of-this-job");
      console.log("##vso[task.setprogress value=1]the-token-of-this-job");
      console.log("##vso[task.logissue type=error]the-token-of-this-job");
      console.log("##vso[task.uploadsummary]" + process.cwd() + "/summary.md");`;
    const start = { taskFolder: tasks.Probe, jobToken: "another token", collectionUrl: "https://localhost:1/contoso/" };
    const run = await runTask({ ...start, inputs: { code, postCode: "" } });
    const hits = secrets.hits(told("step", run, false)).filter((hit) => !hit.includes("of the output"));
    assert.deepEqual(hits, [
      "token: step: log",
      "token: step: issue",
      "token: step: task variable state",
      "token: step: progress",
      "token: step: summary",
    ]);
  });

  for (const [how, form] of [
    ["as it is", (secret: string) => secret],
    ["in an address", encodeURIComponent],
    ["in JSON", (secret: string) => JSON.stringify({ secret })],
    ["in a `Basic` header", (secret: string) => Buffer.from(`:${secret}`).toString("base64")],
    ["in base64, somewhere", (secret: string) => Buffer.from(`ab${secret}\n`).toString("base64")],
    ["in base64 for addresses", (secret: string) => Buffer.from(`a${secret}`).toString("base64url")],
  ] as const) {
    it(`finds one that is written ${how}`, () => {
      const secrets = new Secrets();
      secrets.add("secret", 'p~"ss>?word/with+odd%letters');
      assert.deepEqual(secrets.hits([["here", `before ${form('p~"ss>?word/with+odd%letters')} after`]]), [
        "secret: here",
      ]);
      assert.deepEqual(secrets.hits([["here", "before p~ss>?word/with+odd%letters after"]]), []);
    });
  }

  it("finds one part of a token, and a key's bytes in another encoding", () => {
    const secrets = new Secrets();
    secrets.add("token", `eyJhbGciOiJub25lIn0.${"c".repeat(30)}.${"s".repeat(43)}`);
    assert.deepEqual(secrets.hits([["here", "s".repeat(43)]]), ["token: here"]);
    assert.deepEqual(secrets.hits([["here", "eyJhbGciOiJub25lIn0"]]), [], "what all tokens begin with is none");
    const bytes = Buffer.from("0123456789abcdef0123456789abcdef0123456789abcdef");
    secrets.add("key", bytes.toString("base64"));
    const der = Buffer.concat([Buffer.from([2, 48]), bytes]).toString("base64url");
    assert.deepEqual(secrets.hits([["here", der]]), ["key: here"]);
  });
});
