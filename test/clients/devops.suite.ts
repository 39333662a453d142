// The clients that others administer agents with.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { ForeignClient, languages } from "./foreign-client.ts";
import { ownSimulator } from "./own-simulator.ts";

interface Agent {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly enabled: boolean;
  readonly version: string;
  readonly authorization?: { readonly clientId?: string; readonly authorizationUrl?: string };
  readonly systemCapabilities?: Readonly<Record<string, string>>;
  readonly userCapabilities?: Readonly<Record<string, string>>;
  readonly assignedRequest?: object;
}

/** A key as an agent registers it. */
function publicKey(): { readonly modulus: string; readonly exponent: string } {
  const { n = "", e = "" } = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "jwk" });
  const base64 = (text: string): string => Buffer.from(text, "base64url").toString("base64");
  return { modulus: base64(n), exponent: base64(e) };
}

const newAgent = (name: string) => ({
  name,
  version: "5.278.0",
  osDescription: "Linux",
  maxParallelism: 1,
  authorization: { publicKey: publicKey() },
  systemCapabilities: { "Agent.Name": name, "Agent.OS": "Linux" },
});

const simulator = ownSimulator();

for (const language of languages) {
  describe(`Azure DevOps, seen by its ${language} client,`, () => {
    let client: ForeignClient;
    let poolId: number;
    before(async () => {
      const { caFile, organizationUrl, pat, pool } = simulator();
      client = await new ForeignClient(language, caFile).introduce();
      await client.call("devops.signIn", { url: organizationUrl, token: pat });
      const [found] = await client.call<{ id: number }[]>("devops.pools", { name: pool });
      poolId = found?.id ?? 0;
    });
    after(() => client.close());

    const add = (name: string, part: object = {}) =>
      client.call<Agent>("devops.addAgent", { poolId, agent: { ...newAgent(name), ...part } });

    it("has a pool by its name, and all pools without one", async () => {
      const { pool } = simulator();
      const named = await client.call<{ name: string; poolType: string; isHosted: boolean }[]>("devops.pools", {
        name: pool,
      });
      assert.deepEqual(
        named.map(({ name, poolType, isHosted }) => ({ name, poolType, isHosted })),
        [{ name: pool, poolType: "automation", isHosted: false }],
      );
      assert.deepEqual(await client.call("devops.pools", { name: "no-such-pool" }), []);
      const all = await client.call<{ name: string }[]>("devops.pools");
      assert.ok(all.some(({ name }) => name === pool));
      assert.deepEqual(await client.call("devops.pools", { name: "" }), all, "an empty name means all");
    });

    it("registers an agent, shows it, takes another key for it, changes it, and deletes it", async () => {
      const added = await add(`${language}-agent`);
      assert.equal(added.status, "offline");
      assert.match(added.authorization?.authorizationUrl ?? "", /^https:/);
      const agentId = added.id;
      const read = await client.call<Agent>("devops.agent", { poolId, agentId });
      assert.equal(read.name, `${language}-agent`);
      assert.equal(read.systemCapabilities?.["Agent.OS"], "Linux");
      assert.equal(read.assignedRequest, undefined);
      assert.equal(read.authorization?.authorizationUrl, undefined, "is told at registration only");
      const agent = { ...newAgent(`${language}-agent`), id: agentId, version: "5.279.0" };
      const replaced = await client.call<Agent>("devops.replaceAgent", { poolId, agentId, agent });
      assert.equal(replaced.version, "5.279.0");
      assert.match(replaced.authorization?.authorizationUrl ?? "", /^https:/);
      const disabled = { id: agentId, name: `${language}-agent`, enabled: false };
      const changed = await client.call<Agent>("devops.updateAgent", { poolId, agentId, agent: disabled });
      assert.equal(changed.enabled, false);
      const listed = await client.call<Agent[]>("devops.agents", { poolId, name: `${language}-agent` });
      assert.deepEqual(
        listed.map(({ id, enabled }) => ({ id, enabled })),
        [{ id: agentId, enabled: false }],
      );
      await client.call("devops.deleteAgent", { poolId, agentId });
      assert.deepEqual(await client.call("devops.agents", { poolId, name: `${language}-agent` }), []);
    });

    it("takes a record without a key, which only holds a place, and finds it by a demand", async () => {
      const name = `${language}-placeholder`;
      const added = await add(name, { authorization: undefined, userCapabilities: { [name]: "yes" } });
      const found = (demand: string) => client.call<Agent[]>("devops.agents", { poolId, demands: [demand] });
      assert.deepEqual(
        (await found(`Agent.Name -equals ${name}`)).map(({ id }) => id),
        [added.id],
      );
      assert.deepEqual(await found("no-such-capability"), []);
      await client.call("devops.deleteAgent", { poolId, agentId: added.id });
    });

    it("has no job requests of an agent that had no job, and no builds before the first run", async () => {
      const { project } = simulator();
      const { id: agentId } = await add(`${language}-idle`);
      assert.deepEqual((await client.call("devops.jobRequests", { poolId, agentId })) ?? [], []);
      await client.call("devops.deleteAgent", { poolId, agentId });
      assert.deepEqual(await client.call("devops.builds", { project }), []);
    });

    it("shows a project its queues of the pools", async () => {
      const { project, pool } = simulator();
      const queues = await client.call<{ name: string; pool: { id: number } }[]>("devops.queues", { project });
      assert.equal(queues.find(({ name }) => name === pool)?.pool.id, poolId);
    });

    /** The status is where the client keeps it: the Python one does not. */
    const status = (expected: number): number | undefined => (language === "Go" ? expected : undefined);

    it("says what it refuses: a name that is taken, an agent and a build that are not there", async () => {
      const { project } = simulator();
      const { id: agentId } = await add(`${language}-twice`);
      const taken = await client.refused("devops.addAgent", { poolId, agent: newAgent(`${language}-twice`) });
      assert.equal(taken.code, "TaskAgentExistsException");
      assert.equal(taken.status, status(409));
      await client.call("devops.deleteAgent", { poolId, agentId });
      const gone = await client.refused("devops.agent", { poolId, agentId });
      assert.equal(gone.code, "TaskAgentNotFoundException");
      assert.equal(gone.status, status(404));
      const noBuild = await client.refused("devops.build", { project, buildId: 99 });
      assert.equal(noBuild.code, "BuildNotFoundException");
      assert.equal((await client.refused("devops.timeline", { project, buildId: 99 })).code, "BuildNotFoundException");
    });

    it("lets nobody in whose token is none", async () => {
      const { caFile, organizationUrl } = simulator();
      const stranger = new ForeignClient(language, caFile);
      try {
        await stranger.call("devops.signIn", { url: organizationUrl, token: "not-a-token" });
        const refusal = await stranger.refused("devops.pools");
        if (language === "Go") assert.equal(refusal.status, 401);
        else assert.equal(refusal.type, "AzureDevOpsAuthenticationError");
      } finally {
        await stranger.close();
      }
    });
  });
}
