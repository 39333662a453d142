import assert from "node:assert/strict";
import { queueJob } from "../devops/fixture/job-fixture.ts";
import { agentsPath } from "../devops/fixture/manual-agent.ts";
import { openStand, type Stand } from "../devops/fixture/organization-fixture.ts";
import { bashStep, StandIn } from "./stand-in-fixture.ts";

describe("The stand-in agent, run once,", () => {
  let stand: Stand;
  let standIn: StandIn;

  beforeEach(async () => {
    stand = await openStand({ agentTimeScale: 0.002 });
    standIn = await StandIn.configured(stand, { userCapabilities: { "EphemeralAgent.Run": "7" } });
  });
  afterEach(async () => {
    standIn.remove();
    await stand.close();
  });

  it("carries out a job that waited for it, reports it, and ends with 0", async () => {
    const job = queueJob(stand, {
      demands: ["EphemeralAgent.Run -equals 7"],
      steps: [
        bashStep(
          'echo hello from $AGENT_NAME; echo "##vso[task.setvariable variable=colour;isOutput=true]blue"',
          "paint",
        ),
      ],
    });
    assert.equal(await standIn.run(), 0, standIn.output);
    const outcome = await job.outcome;
    assert.equal(outcome.result, "succeeded");
    assert.equal(outcome.agentName, standIn.agent.name);
    assert.equal(outcome.outputs["paint.colour"]?.value, "blue");

    const { timeline } = job.run;
    assert.equal(timeline.find(job.identity.jobId)?.state, "completed");
    assert.equal(timeline.find(job.identity.jobId)?.workerName, standIn.agent.name);
    const printed = timeline.records().flatMap(({ id }) => timeline.lines(id));
    assert.ok(printed.includes(`hello from ${standIn.agent.name}`), printed.join("\n"));
    assert.match(timeline.log(1) ?? "", /hello from/);

    assert.match(standIn.output, /Listening for Jobs/);
    assert.match(standIn.output, /Running job: Deploy/);
    assert.match(standIn.output, /Job Deploy completed with result: Succeeded/);
    assert.deepEqual(
      standIn.logs().map((name) => name.replace(/_.*/, "")),
      ["Agent", "Worker"],
    );
  });

  it("leaves an idle, offline record that shows the job and can be deleted", async () => {
    const job = queueJob(stand, { steps: [bashStep("exit 3")] });
    assert.equal(await standIn.run(), 0, "a failed job is no failure of the listener");
    assert.equal((await job.outcome).result, "failed");
    const path = `${agentsPath}/${standIn.agent.id}`;
    const include = "?includeAssignedRequest=true&includeLastCompletedRequest=true";
    assert.equal((await stand.call("GET", path + include)).json.lastCompletedRequest, undefined, "one read behind");
    const { json } = await stand.call("GET", path + include);
    assert.equal(json.status, "offline");
    const completed = json.lastCompletedRequest as Record<string, unknown>;
    assert.equal(completed.requestId, job.requestId);
    assert.equal(completed.result, "failed");
    assert.ok(completed.receiveTime);
    assert.equal((await stand.call("DELETE", path)).status, 204);
    assert.deepEqual(stand.organization.agents(), []);
  });

  it("takes one job only, and says so to the service", async () => {
    const [first, second] = [queueJob(stand, { steps: [bashStep("true")] }), queueJob(stand)];
    assert.equal(await standIn.run(), 0);
    assert.equal((await first.outcome).result, "succeeded");
    assert.equal(stand.organization.agents()[0]?.assignedRequestId, undefined);
    second.cancel(0);
    assert.equal((await second.outcome).result, "canceled");
  });

  it("gets a job that comes while it listens", async () => {
    const exited = standIn.run();
    await standIn.online();
    const job = queueJob(stand, { steps: [bashStep("true")] });
    assert.equal((await job.outcome).result, "succeeded");
    assert.equal(await exited, 0);
  });

  it("publishes its environment as capabilities, except what is long or ignored", async () => {
    const exited = standIn.run({
      TOOL: "here",
      LONG: "x".repeat(1024),
      HIDDEN: "1",
      Hidden: "2",
      VSO_AGENT_IGNORE: "other, HIDDEN",
    });
    await standIn.online();
    const { systemCapabilities = {}, userCapabilities } = stand.organization.agents()[0] ?? {};
    assert.equal(systemCapabilities.TOOL, "here");
    assert.equal(systemCapabilities.LONG, undefined);
    assert.equal(systemCapabilities.HIDDEN, undefined);
    assert.equal(systemCapabilities.Hidden, "2", "names differ by case on Linux");
    assert.equal(systemCapabilities["Agent.Version"], "5.278.0");
    assert.equal(systemCapabilities["Agent.HomeDirectory"], standIn.folder);
    assert.deepEqual(userCapabilities, { "EphemeralAgent.Run": "7" });
    standIn.signal("SIGTERM");
    assert.equal(await exited, 0);
  });

  it("keeps the job's lock for as long as the job runs", async () => {
    const job = queueJob(stand, { steps: [bashStep("until [ -e go ]; do read -t 0.05 <> <(:); done; true")] });
    const exited = standIn.run();
    const renewals = (): number => stand.sites.requests.entries.filter(({ method }) => method === "PATCH").length;
    const renewed = ({ method, url }: { method: string; url: string }): boolean =>
      method === "PATCH" && url.includes(`/jobrequests/${job.requestId}`);
    await stand.sites.requests.answered(renewed);
    await stand.sites.requests.answered(renewed, stand.sites.requests.entries.length);
    assert.ok(renewals() >= 2);
    standIn.signal("SIGTERM");
    assert.equal(await exited, 0);
  });

  it("ends its job as canceled when the job is cancelled", async () => {
    const job = queueJob(stand, { steps: [bashStep("exec sleep 600")] });
    const exited = standIn.run();
    await stand.sites.requests.seen(({ url }) => url.endsWith("/records"));
    // A worker that is slow to end, on a busy machine, is not killed before it has.
    job.cancel(24 * 60 * 60_000);
    assert.equal((await job.outcome).result, "canceled");
    assert.equal(await exited, 0);
    assert.match(standIn.output, /completed with result: Canceled/);
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`ends its job and closes its session on ${signal}`, async () => {
      const job = queueJob(stand, { steps: [bashStep("exec sleep 600")] });
      const exited = standIn.run();
      await stand.sites.requests.seen(({ url }) => url.endsWith("/records"));
      standIn.signal(signal);
      assert.equal((await job.outcome).result, "canceled");
      assert.equal(await exited, 0);
      assert.match(standIn.output, /Exiting\.\.\./);
      assert.equal(stand.organization.agents()[0]?.status, "offline");
      assert.equal(stand.sites.requests.entries.at(-1)?.method, "DELETE");
    });
  }
});
