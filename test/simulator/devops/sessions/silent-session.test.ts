import assert from "node:assert/strict";
import { mock } from "node:test";
import { QueueRules } from "../../../../simulator/devops/jobs/job-assignment.ts";
import { defaultOptions } from "../../../../simulator/devops/organization-options.ts";
import { newRecord } from "../../../../simulator/devops/pools/agent-registration.ts";
import { Pools } from "../../../../simulator/devops/pools/pools.ts";
import { Sessions } from "../../../../simulator/devops/sessions/session-routes.ts";
import { keyPair } from "../fixture/agent-key.ts";

describe("A silent session", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"] }));
  afterEach(() => mock.timers.reset());

  const options = { ...defaultOptions, offlineAfterMs: 1000, longPollMs: 5000 };

  it("lives as long as a poll is open, and not much longer", async () => {
    const pools = new Pools("https://localhost/contoso/");
    const pool = pools.add("any");
    const agent = newRecord(pool, 1, "one");
    agent.publicKey = keyPair().publicKey;
    const sessions = new Sessions(pools, new QueueRules(pools, options, "https://localhost/contoso/"), options);
    const session = sessions.open(agent, "owner");
    const poll = session.next({ lastMessageId: 0, timeoutMs: 5000, closed: new AbortController().signal });
    mock.timers.tick(4999);
    assert.equal(agent.status, "online");
    mock.timers.tick(1);
    assert.equal(await poll, undefined);
    mock.timers.tick(1000);
    assert.equal(agent.status, "offline");
    assert.equal(agent.session, undefined);
  });
});
