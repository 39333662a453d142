import assert from "node:assert/strict";
import { keyPair } from "../fixture/agent-key.ts";
import { agentBody, agentsPath, HandAgent } from "../fixture/manual-agent.ts";
import { openStand, type Stand } from "../fixture/organization-fixture.ts";

describe("The token of an agent", () => {
  let stand: Stand;
  let agent: HandAgent;

  beforeEach(async () => {
    stand = await openStand();
    agent = await HandAgent.register(stand);
  });
  afterEach(() => stand.close());

  const refuses = async (assertion: string, why: RegExp, what?: string): Promise<void> => {
    const { status, json } = await agent.requestToken(assertion);
    assert.equal(status, 400, what);
    assert.equal(json.error, "invalid_client", what);
    assert.match(String(json.error_description), why, what);
  };

  it("is given for an assertion signed with the registered key", async () => {
    const { status, json } = await agent.requestToken(await agent.assertion());
    assert.equal(status, 200);
    assert.equal(json.token_type, "JWT");
    assert.equal(json.expires_in, 3000);
    const connection = await stand.call("GET", "_apis/connectionData", { token: String(json.access_token) });
    assert.equal(connection.status, 200);
  });

  it("is not given for one signed with another key", async () => {
    await refuses(await agent.assertion({}, keyPair()), /signature verification failed/);
  });

  it("is not given twice for the same assertion", async () => {
    const assertion = await agent.assertion();
    assert.equal((await agent.requestToken(assertion)).status, 200);
    await refuses(assertion, /used before/);
  });

  it("is not given for wrong or missing claims", async () => {
    const now = Math.floor(Date.now() / 1000);
    const wrong: Record<string, unknown>[] = [
      { sub: "somebody-else" },
      { aud: "https://elsewhere.example/token" },
      { exp: now - 3600 },
      { nbf: now + 3600, exp: now + 3700 },
      { exp: now + 86_400 },
      { jti: undefined },
      { exp: undefined },
    ];
    for (const claims of wrong) {
      await refuses(await agent.assertion(claims), /Current server time is/, JSON.stringify(claims));
    }
    await refuses(await agent.assertion({ iss: "nobody" }), /not known/);
    await refuses("not.a.jwt", /not known/);
  });

  it("is not given when the record is gone", async () => {
    await stand.call("DELETE", `${agentsPath}/${agent.id}`);
    await refuses(await agent.assertion(), /not known/);
  });

  it("ends with the key: a new registration of the record has a new client", async () => {
    await agent.signIn();
    await stand.call("PUT", `${agentsPath}/${agent.id}`, { body: agentBody(keyPair()) });
    assert.equal((await agent.openSession()).status, 401);
    await refuses(await agent.assertion(), /not known/);
  });

  it("expires", async () => {
    await stand.close();
    stand = await openStand({ agentTokenMs: 0 });
    agent = await HandAgent.register(stand);
    assert.equal((await agent.openSession()).status, 401);
  });

  it("wants the grant that agents use", async () => {
    const form = { grant_type: "password", username: "a", password: "b" };
    const { status, json } = await stand.call("POST", agent.authorizationUrl, { form, token: undefined });
    assert.equal(status, 400);
    assert.equal(json.error, "unsupported_grant_type");
  });
});
