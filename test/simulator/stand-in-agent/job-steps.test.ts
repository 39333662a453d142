import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { JobStep } from "../../../simulator/job-execution/job/job-message.ts";
import { readTaskDefinition, versionText } from "../../../simulator/job-execution/tasks/task-definition.ts";
import { queueJob } from "../devops/fixture/job-fixture.ts";
import { openStand, type Stand } from "../devops/fixture/organization-fixture.ts";
import { tasks } from "../job-execution/job-fixture.ts";
import { bashStep, StandIn } from "./stand-in-fixture.ts";

const probe = readTaskDefinition(tasks.Probe);
const reference = { id: probe.id, name: probe.name, version: versionText(probe) };

const probeStep = (code: string): JobStep => ({
  ...bashStep("", `step${randomUUID().slice(0, 4)}`),
  id: randomUUID(),
  reference,
  inputs: { code, postCode: "" },
});

describe("The stand-in's worker", () => {
  let stand: Stand;
  let standIn: StandIn;

  beforeEach(async () => {
    stand = await openStand({ agentTimeScale: 0.002 });
    stand.organization.installTask(tasks.Probe);
    standIn = await StandIn.configured(stand);
  });
  afterEach(async () => {
    standIn.remove();
    await stand.close();
  });

  const downloads = (): string[] =>
    stand.sites.requests.entries.map(({ url }) => new URL(url).pathname).filter((path) => /\/tasks\//i.test(path));

  it("runs a task that it has downloaded by its id and version, once for all steps", async () => {
    const job = queueJob(stand, { steps: [probeStep('console.log("first")'), probeStep('console.log("second")')] });
    assert.equal(await standIn.run(), 0, standIn.output);
    assert.equal((await job.outcome).result, "succeeded");
    assert.deepEqual(downloads(), [`/contoso/_apis/distributedtask/tasks/${reference.id}/${reference.version}`]);
    const { timeline } = job.run;
    const printed = timeline.records().flatMap(({ id }) => timeline.lines(id));
    assert.ok(printed.includes("first") && printed.includes("second"), printed.join("\n"));
  });

  it("fails the job when the organization has no such task", async () => {
    const missing = { ...probeStep(""), reference: { ...reference, version: "9.9.9" } };
    const job = queueJob(stand, { steps: [missing] });
    assert.equal(await standIn.run(), 0);
    assert.equal((await job.outcome).result, "failed");
    const [issue] = job.run.timeline.find(job.identity.jobId)?.issues ?? [];
    assert.match(issue?.message ?? "", /No task definition found/);
  });

  it("passes over a step whose type it does not know", async () => {
    const untyped = { ...bashStep("exit 1"), type: "group" } as unknown as JobStep;
    const job = queueJob(stand, { steps: [untyped, bashStep("true")] });
    assert.equal(await standIn.run(), 0);
    assert.equal((await job.outcome).result, "succeeded");
  });

  it("hands a task's attachments to the service", async () => {
    const code = `
      require("node:fs").writeFileSync("summary.md", "# Done");
      console.log("##vso[task.uploadsummary]" + process.cwd() + "/summary.md");`;
    const job = queueJob(stand, { steps: [probeStep(code)] });
    assert.equal(await standIn.run(), 0);
    assert.equal((await job.outcome).result, "succeeded");
    const [summary] = job.run.attachments;
    assert.deepEqual([summary?.type, summary?.content.toString()], ["Distributedtask.Core.Summary", "# Done"]);
  });

  it("ties each log to its record, and cannot do without the log's path", async () => {
    const effect = { status: 200, body: { id: 1 } };
    stand.sites.faults.add({ site: "devops", method: "POST", path: /\/logs\/1\?|\/logs\/1$/, effect });
    const job = queueJob(stand, { steps: [bashStep("echo one", "one"), bashStep("echo two", "two")] });
    assert.equal(await standIn.run(), 0);
    assert.equal((await job.outcome).result, "succeeded");
    const logs = job.run.timeline.records().flatMap(({ log }) => log?.id ?? []);
    assert.deepEqual(logs, [2]);
  });
});
