import assert from "node:assert/strict";
import type { LoggedRequest } from "../../../simulator/http/request-log.ts";
import { discardMessages } from "../devops/discarded-message.ts";
import { queueJob } from "../devops/fixture/job-fixture.ts";
import { agentsPath } from "../devops/fixture/manual-agent.ts";
import { openStand, type Stand } from "../devops/fixture/organization-fixture.ts";
import { bashStep, StandIn } from "./stand-in-fixture.ts";

// What the real agent does, by its source (microsoft/azure-pipelines-agent) and by runs of its classes.
describe("The stand-in's listener", () => {
  let stand: Stand;
  let standIn: StandIn;

  beforeEach(async () => {
    stand = await openStand({ agentTimeScale: 0.002 });
    standIn = await StandIn.configured(stand);
  });
  afterEach(async () => {
    standIn.remove();
    await stand.close();
  });

  const requests = (): LoggedRequest[] => stand.sites.requests.entries;
  const answered = (site: string, path: string, from = 0): Promise<LoggedRequest> =>
    stand.sites.requests.answered((request) => request.site === site && request.url.includes(path), from);

  /** Runs one job to its end. */
  async function served(planVersion: number | null = 12): Promise<void> {
    const job = queueJob(stand, { steps: [bashStep("true")], planVersion });
    assert.equal(await standIn.run(), 0, standIn.output);
    assert.equal((await job.outcome).result, "succeeded");
  }

  it("shows its token only when it is asked for one", async () => {
    const from = requests().length;
    await served();
    const own = requests()
      .slice(from)
      .filter(({ site }) => site === "devops");
    assert.deepEqual([own[0]?.anonymous, own[0]?.status], [true, 401]);
    assert.equal(own.filter(({ status }) => status === 401).length, 1);
  });

  it("ends when it is offered nothing but a password", async () => {
    const effect = { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } };
    stand.sites.faults.add({ site: "devops", effect });
    assert.equal(await standIn.run(), 1);
    assert.match(standIn.output, /Failed to create session/);
  });

  it("finds nothing without the address of its area", async () => {
    const nowhere = { defaultAccessMappingMoniker: "PublicAccessMapping", serviceDefinitions: [] };
    const effect = { status: 200, body: { locationServiceData: nowhere } };
    const lost = stand.sites.faults.add({ site: "devops", path: /connectionData/i, effect });
    const exited = standIn.run();
    await stand.sites.requests.answered(({ url }) => url.includes("connectionData") && lost.hits > 5);
    assert.equal(requests().filter(({ url }) => url.endsWith("/sessions")).length, 0);
    lost.remove();
    await standIn.online();
    standIn.signal("SIGTERM");
    assert.equal(await exited, 0);
  });

  it("asks for switches and tells of itself before it opens its session", async () => {
    await served();
    const first = (path: string): number =>
      requests().findIndex(({ url, status }) => url.includes(path) && status === 200);
    const session = first("/sessions");
    assert.ok(first("/FeatureFlags/") >= 0 && first("/FeatureFlags/") < session);
    const told = requests().findIndex(({ url, status }) => url.includes("/CustomerIntelligence/") && status === 204);
    assert.ok(told >= 0 && told < session);
  });

  it("comes online where neither of them is answered", async () => {
    stand.sites.faults.add({ site: "devops", path: /FeatureFlags|CustomerIntelligence/, effect: { status: 500 } });
    await served();
  });

  it("has no position at first, and that of its last message from then on", async () => {
    const exited = standIn.run();
    await standIn.online();
    const job = queueJob(stand, { steps: [bashStep("true")] });
    assert.equal((await job.outcome).result, "succeeded");
    assert.equal(await exited, 0);
    const polls = requests().filter(({ method, url }) => method === "GET" && url.includes("/messages"));
    assert.ok(polls.every(({ url }) => !url.includes("lastMessageId=0")));
    assert.ok(polls.some(({ url }) => /lastMessageId=[1-9]/.test(url)));
  });

  it("runs a job once whose message was thrown away before: it comes again until it is deleted", async () => {
    const { delivered } = discardMessages(stand.sites.faults, 1);
    await served();
    assert.ok(delivered.length >= 2 && new Set(delivered).size === 1, `delivered: ${delivered}`);
    const deleted = requests().filter(({ method, url }) => method === "DELETE" && url.includes("/messages/"));
    assert.equal(deleted.length, 1);
  });

  it("keeps its position when another session takes the place of one that expired", async () => {
    const exited = standIn.run();
    await standIn.online();
    stand.organization.levers.sendAgentRefresh(standIn.agent.id);
    await answered("devops", "lastMessageId=1");
    const from = requests().length;
    stand.organization.levers.expireSession(standIn.agent.id);
    await stand.sites.requests.answered(({ url, status }) => url.endsWith("/sessions") && status === 200, from);
    await answered("devops", "lastMessageId=1", from);
    standIn.signal("SIGTERM");
    assert.equal(await exited, 0);
  });

  it("ends a job by its plan's event when the plan has a version", async () => {
    await served();
    const ended = requests().filter(({ method, url }) => method === "POST" && url.endsWith("/events"));
    assert.equal(ended.length, 1);
  });

  it("ends a job by its request when the plan has none", async () => {
    await served(null);
    assert.equal(requests().filter(({ url }) => url.endsWith("/events")).length, 0);
    const patched = requests().filter(({ method, url }) => method === "PATCH" && url.includes("/jobrequests/"));
    assert.ok(patched.length >= 2, "a renewal, and the end");
  });

  it("goes on asking for a token when its record vanished before it started", async () => {
    await stand.call("DELETE", `${agentsPath}/${standIn.agent.id}`);
    const exited = standIn.run();
    await answered("agent-oauth", "/token");
    await answered("agent-oauth", "/token", requests().length);
    await answered("agent-oauth", "/token", requests().length);
    const running = await Promise.race([exited, Promise.resolve("running")]);
    assert.equal(running, "running");
    standIn.signal("SIGTERM");
    assert.equal(await exited, 0);
  });
});
