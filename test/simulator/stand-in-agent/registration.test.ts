import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { queueJob } from "../devops/fixture/job-fixture.ts";
import { HandAgent } from "../devops/fixture/manual-agent.ts";
import { openStand, type Stand } from "../devops/fixture/organization-fixture.ts";
import { bashStep, StandIn } from "./stand-in-fixture.ts";

const files = [".agent", ".credentials", ".credentials_rsaparams"];

describe("The stand-in agent's config.sh", () => {
  let stand: Stand;
  let standIn: StandIn;

  beforeEach(async () => {
    stand = await openStand({ agentTimeScale: 0.002 });
    standIn = await StandIn.unpacked(stand);
  });
  afterEach(async () => {
    standIn.remove();
    await stand.close();
  });

  const asRoot = { AGENT_ALLOW_RUNASROOT: "1" };
  const arguments_ = (changes: Readonly<Record<string, string>> = {}): string[] =>
    Object.entries({
      url: stand.organization.url,
      auth: "pat",
      token: stand.organization.pat,
      pool: stand.poolName,
      agent: "eph-1",
      work: "_work",
      ...changes,
    }).flatMap(([name, value]) => [`--${name}`, value]);
  const configure = (changes?: Readonly<Record<string, string>>, ...flags: string[]): Promise<number> =>
    standIn.run(asRoot, ["config.sh", "--unattended", "--acceptTeeEula", ...arguments_(changes), ...flags]);
  const remove = (): Promise<number> =>
    standIn.run(asRoot, ["config.sh", "remove", "--unattended", "--auth", "pat", "--token", stand.organization.pat]);
  const names = (): string[] => stand.organization.agents().map(({ name }) => name);

  it("registers an agent that then runs a job", async () => {
    assert.equal(await configure(), 0, standIn.output);
    const settings = JSON.parse(standIn.read(".agent").replace(/^\uFEFF/, ""));
    assert.deepEqual(settings, {
      acceptTeeEula: true,
      agentId: stand.organization.agents()[0]?.id,
      agentName: "eph-1",
      poolId: 1,
      poolName: stand.poolName,
      serverUrl: stand.organization.url,
      workFolder: "_work",
    });
    const job = queueJob(stand, { steps: [bashStep("true")] });
    assert.equal(await standIn.run(), 0, standIn.output);
    assert.equal((await job.outcome).result, "succeeded");
  });

  it("keeps its files from everybody else", async () => {
    await configure();
    for (const name of files) assert.equal(statSync(join(standIn.folder, name)).mode & 0o777, 0o600, name);
  });

  it("takes arguments from variables that nobody sees in a list of processes", async () => {
    const environment = { ...asRoot, VSTS_AGENT_INPUT_TOKEN: stand.organization.pat };
    const given = arguments_().filter((each) => each !== "--token" && each !== stand.organization.pat);
    assert.equal(await standIn.run(environment, ["config.sh", "--unattended", ...given]), 0, standIn.output);
    assert.deepEqual(names(), ["eph-1"]);
    assert.ok(!JSON.stringify(stand.organization.agents()).includes(stand.organization.pat));
  });

  it("refuses a name that is taken, and writes no settings", async () => {
    await HandAgent.register(stand, { name: "eph-1" });
    assert.equal(await configure(), 1);
    assert.match(standIn.output, /already contains an agent with name eph-1/);
    assert.ok(!existsSync(join(standIn.folder, ".agent")));
  });

  it("replaces the agent of that name only when told so", async () => {
    const before = await HandAgent.register(stand, { name: "eph-1" });
    assert.equal(await configure({}, "--replace"), 0, standIn.output);
    assert.equal(stand.organization.agents()[0]?.id, before.id);
    assert.notEqual((await before.openSession()).status, 200, "the old key is worth nothing");
  });

  for (const [what, changes, said] of [
    ["a pool that there is not", { pool: "nosuch" }, /Agent pool not found: 'nosuch'/],
    ["a token that is none", { token: "wrong" }, /not authorized/],
    ["another way to sign in", { auth: "negotiate" }, /no --auth negotiate/],
    ["no address", { url: "" }, /Invalid configuration provided for url/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      assert.equal(await configure(changes), 1);
      assert.match(standIn.output, said);
      assert.deepEqual(names(), []);
    });
  }

  it("registers no agent twice", async () => {
    await configure();
    assert.equal(await configure({ agent: "eph-2" }), 1);
    assert.match(standIn.output, /already configured/);
  });

  it("removes the record and its own files", async () => {
    await configure();
    assert.equal(await remove(), 0, standIn.output);
    assert.deepEqual(names(), []);
    for (const name of files) assert.ok(!existsSync(join(standIn.folder, name)), name);
  });

  it("removes its files when somebody else removed the record", async () => {
    await configure();
    const [agent] = stand.organization.agents();
    await stand.call("DELETE", `_apis/distributedtask/pools/1/agents/${agent?.id}`);
    assert.equal(await remove(), 0, standIn.output);
    assert.ok(!existsSync(join(standIn.folder, ".agent")));
  });

  it("removes nothing while its job runs", async () => {
    await configure();
    queueJob(stand, { steps: [bashStep("sleep 600")] });
    const exited = standIn.run();
    await stand.sites.requests.answered(({ method, url }) => method === "PATCH" && url.includes("/jobrequests/"));
    const listener = standIn.stopper();
    assert.equal(await remove(), 1);
    assert.match(standIn.output, /is running a job for pool/);
    assert.ok(existsSync(join(standIn.folder, ".agent")));
    listener();
    await exited;
  });

  if (process.getuid?.() === 0) {
    it("does nothing as root unless told so", async () => {
      assert.equal(await standIn.run({}, ["config.sh", "--unattended", ...arguments_()]), 1);
      assert.match(standIn.output, /Must not run with sudo/);
    });
  }
});
