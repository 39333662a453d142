import assert from "node:assert/strict";
import { keyPair } from "../fixture/agent-key.ts";
import { newRun } from "../fixture/job-fixture.ts";
import { agentBody, agentsPath, HandAgent } from "../fixture/manual-agent.ts";
import { openStand, type Stand } from "../fixture/organization-fixture.ts";

describe("An agent record", () => {
  let stand: Stand;

  beforeEach(async () => {
    stand = await openStand();
  });
  afterEach(() => stand.close());

  it("loses user capabilities that were sent with the registration", async () => {
    const body = agentBody(keyPair(), { name: "one", userCapabilities: { EphemeralAgent: "true" } });
    const { json } = await stand.call("POST", agentsPath, { body });
    assert.deepEqual(json.userCapabilities, {});
    const put = await stand.call("PUT", `${agentsPath}/${json.id}/usercapabilities`, { body: { a: "1" } });
    assert.deepEqual(put.json.userCapabilities, { a: "1" });
  });

  it("keeps them when the service is taken to do so", async () => {
    const lenient = await openStand({ keepPostedCapabilities: true });
    try {
      const body = agentBody(keyPair(), { userCapabilities: { EphemeralAgent: "true" } });
      const { json } = await lenient.call("POST", agentsPath, { body });
      assert.deepEqual(json.userCapabilities, { EphemeralAgent: "true" });
    } finally {
      await lenient.close();
    }
  });

  it("shows authorizationUrl in the answer to POST and PUT only", async () => {
    const agent = await HandAgent.register(stand);
    assert.ok(agent.authorizationUrl.startsWith("https://localhost:"));
    const read = await stand.call("GET", `${agentsPath}/${agent.id}?includeCapabilities=true`);
    assert.deepEqual(read.json.authorization, { clientId: agent.clientId, publicKey: agent.key.publicKey });
    const replaced = await stand.call("PUT", `${agentsPath}/${agent.id}`, { body: agentBody(keyPair()) });
    const { authorizationUrl } = replaced.json.authorization as Record<string, string>;
    assert.equal(authorizationUrl, agent.authorizationUrl);
  });

  it("has a name of its own: a second one of that name is 409", async () => {
    await HandAgent.register(stand, { name: "one" });
    const second = await stand.call("POST", agentsPath, { body: agentBody(keyPair(), { name: "ONE" }) });
    assert.equal(second.status, 409);
    assert.equal(second.json.typeKey, "TaskAgentExistsException");
  });

  it("needs a key of 2048 bits in standard base64", async () => {
    const body = agentBody(keyPair());
    for (const publicKey of [
      { exponent: "AQAB", modulus: "AQAB" },
      { exponent: "AQAB", modulus: "a_b-" },
    ]) {
      const answer = await stand.call("POST", agentsPath, { body: { ...body, authorization: { publicKey } } });
      assert.equal(answer.status, 400, answer.text);
    }
    assert.deepEqual(stand.organization.agents(), []);
  });

  it("may have no key at all: it holds a place, and nobody signs in for it", async () => {
    const { authorization: _, ...body } = agentBody(keyPair());
    const { status, json } = await stand.call("POST", agentsPath, { body });
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(json.authorization as object), ["authorizationUrl", "clientId"]);
    assert.equal(stand.organization.agents().length, 1);
  });

  it("is found by demands that it meets", async () => {
    await HandAgent.register(stand, { name: "one", userCapabilities: { colour: "blue" } });
    await HandAgent.register(stand, { name: "two" });
    const found = async (demands: string): Promise<unknown[]> => {
      const { json } = await stand.call("GET", `${agentsPath}?demands=${encodeURIComponent(demands)}`);
      return (json.value as { name: string }[]).map(({ name }) => name);
    };
    assert.deepEqual(await found("colour -equals BLUE,Agent.Name"), ["one"]);
    assert.deepEqual(await found("Agent.OS"), ["one", "two"]);
    assert.deepEqual(await found("colour -equals red"), []);
  });

  it("is not found after its deletion, nor before its registration", async () => {
    const agent = await HandAgent.register(stand);
    assert.equal((await stand.call("DELETE", `${agentsPath}/${agent.id}`)).status, 204);
    for (const method of ["GET", "DELETE"]) {
      const answer = await stand.call(method, `${agentsPath}/${agent.id}`);
      assert.equal(answer.status, 404);
      assert.equal(answer.json.typeKey, "TaskAgentNotFoundException");
    }
  });

  it("is changed only when the body names the same record", async () => {
    const agent = await HandAgent.register(stand);
    const other = await stand.call("PATCH", `${agentsPath}/${agent.id}`, { body: { id: 99, enabled: false } });
    assert.equal(other.status, 400);
    assert.equal(stand.organization.agents()[0]?.enabled, true);
  });

  it("counts as seeded only when it is a placeholder of the simulator's owner", async () => {
    await HandAgent.register(stand, { name: "leftover" });
    stand.organization.addPlaceholder(stand.poolName, { zone: "a" });
    const [leftover, placeholder] = stand.organization.agents();
    assert.equal(leftover?.seeded, false);
    assert.equal(placeholder?.seeded, true);
    assert.equal(placeholder?.status, "offline");
    assert.deepEqual(placeholder?.userCapabilities, { EphemeralAgent: "true", zone: "a" });
  });
});

describe("The rights in a pool", () => {
  let stand: Stand;

  beforeEach(async () => {
    stand = await openStand();
  });
  afterEach(() => stand.close());

  it("let a Reader and a User look, and change nothing", async () => {
    const agent = await HandAgent.register(stand);
    for (const role of ["Reader", "User", "ServiceAccount"] as const) {
      const { token } = stand.organization.issuePersonalAccessToken(role);
      assert.equal((await stand.call("GET", agentsPath, { token })).status, 200);
      await refusesChanges(agent.id, token);
    }
    assert.equal(stand.organization.agents().length, 1);
  });

  it("are none for a job whose build service has no role: it does not even see the pool", async () => {
    const { token } = stand.organization.issueJobToken({ run: newRun(stand), poolRole: null });
    const pools = await stand.call("GET", "_apis/distributedtask/pools", { token });
    assert.deepEqual(pools.json, { count: 0, value: [] });
    assert.equal((await stand.call("GET", agentsPath, { token })).status, 403);
    await refusesChanges(1, token);
  });

  it("of a project's build service can be lowered for one pool", async () => {
    const { token } = stand.organization.issueJobToken({ run: newRun(stand) });
    const body = agentBody(keyPair());
    assert.equal((await stand.call("POST", agentsPath, { token, body })).status, 200);
    stand.organization.setBuildServiceRole(stand.poolName, "Shop", "Reader");
    await refusesChanges(1, token);
  });

  it("are refused in the service's own words", async () => {
    const { token } = stand.organization.issuePersonalAccessToken("Reader");
    const { status, json } = await stand.call("DELETE", `${agentsPath}/1`, { token });
    assert.equal(status, 403);
    assert.equal(json.typeKey, "AccessDeniedException");
    assert.match(String(json.message), /^Access denied\. Pool Owner needs Manage permissions/);
    assert.equal(json.innerException, null);
  });

  it("do not include administering anything for an agent's own token", async () => {
    const agent = await HandAgent.online(stand);
    for (const path of ["_apis/distributedtask/pools", agentsPath, `${agentsPath}/${agent.id}`]) {
      assert.equal((await stand.call("GET", path, { token: agent.token })).status, 403, path);
    }
    await refusesChanges(agent.id, agent.token);
    assert.deepEqual(
      stand.organization.agents().map(({ name, enabled }) => ({ name, enabled })),
      [{ name: agent.name, enabled: true }],
    );
  });

  async function refusesChanges(id: number, token: string): Promise<void> {
    const body = agentBody(keyPair());
    const changes: [string, string, object | undefined][] = [
      ["POST", agentsPath, body],
      ["PUT", `${agentsPath}/${id}`, body],
      ["PATCH", `${agentsPath}/${id}`, { id, enabled: false }],
      ["PUT", `${agentsPath}/${id}/usercapabilities`, { a: "1" }],
      ["DELETE", `${agentsPath}/${id}`, undefined],
    ];
    for (const [method, path, sent] of changes) {
      const answer = await stand.call(method, path, { token, body: sent });
      assert.equal(answer.status, 403, `${method} ${path}`);
    }
  }
});

describe("A request without valid credentials", () => {
  it("is answered 401 once a job token is revoked or expired", async () => {
    const stand = await openStand();
    try {
      const run = newRun(stand);
      const revoked = stand.organization.issueJobToken({ run });
      assert.equal((await stand.call("GET", agentsPath, { token: revoked.token })).status, 200);
      revoked.revoke();
      const expired = stand.organization.issueJobToken({ run, lifetimeMs: 0 });
      for (const token of [revoked.token, expired.token, undefined]) {
        assert.equal((await stand.call("GET", agentsPath, { token })).status, 401);
      }
    } finally {
      await stand.close();
    }
  });

  it("can be answered by the 203 with a sign-in page", async () => {
    const stand = await openStand({ unauthenticated: "203" });
    try {
      const answer = await stand.call("GET", agentsPath, { token: "wrong" });
      assert.equal(answer.status, 203);
      assert.match(answer.headers["content-type"] ?? "", /^text\/html/);
      assert.match(answer.text, /Sign In/);
    } finally {
      await stand.close();
    }
  });
});

describe("The version of the API", () => {
  let stand: Stand;

  beforeEach(async () => {
    stand = await openStand();
  });
  afterEach(() => stand.close());

  for (const [method, apiVersion, typeKey] of [
    ["DELETE", undefined, "VssVersionNotSpecifiedException"],
    ["GET", "7.2", "VssInvalidPreviewVersionException"],
    ["GET", "8.0-preview.1", "VssVersionOutOfRangeException"],
    ["GET", "latest", "VssVersionOutOfRangeException"],
  ] as const) {
    it(`is refused for ${method} with ${apiVersion ?? "none"}`, async () => {
      const answer = await stand.call(method, `${agentsPath}/1`, { apiVersion });
      assert.equal(answer.status, 400);
      assert.equal(answer.json.typeKey, typeKey);
    });
  }

  it("may be missing when reading", async () => {
    assert.equal((await stand.call("GET", agentsPath, { apiVersion: undefined })).status, 200);
  });
});
