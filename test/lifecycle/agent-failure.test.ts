// When the step stops waiting for a container that does not start.
import assert from "node:assert/strict";
import { agentFailure } from "../../EphemeralAgentTask/src/lifecycle/diagnose/agent-failure.ts";
import { agentState } from "../../EphemeralAgentTask/src/lifecycle/watch/agent-state.ts";
import type { Reading } from "../../EphemeralAgentTask/src/lifecycle/watch/poll-agent.ts";
import type { AgentView, ContainerGroupView } from "../../EphemeralAgentTask/src/ports.ts";

const onlineMs = 300_000;

/** A container that waits, with one warning of Azure. */
function waiting(message: string, watchedMs: number): Reading {
  const record: AgentView = {
    ...{ id: 1, name: "eph", online: false, enabled: true },
    ...{ capabilities: {}, systemCapabilities: {} },
  };
  const group: ContainerGroupView = {
    ...{ id: "/g", name: "eph", tags: {}, provisioningState: "Creating" },
    events: [{ name: "Failed", message, type: "Warning", count: 1, lastTimestamp: "2026-01-05T10:00:00Z" }],
    container: { state: "Waiting", restartCount: 0 },
  };
  return {
    ...{ agentState: agentState(record, group, undefined), record, group },
    ...{ wasOnline: false, watchedMs, unchangedMs: watchedMs },
  };
}

describe("A container that Azure cannot start", () => {
  for (const [code, words] of [
    ["EA609", "exec /bin/bash: exec format error"],
    ["EA610", 'exec: "/bin/bash": stat /bin/bash: no such file or directory'],
  ] as const)
    it(`is ${code} at once where trying again cannot help, whatever time is left`, () => {
      for (const limitMs of [onlineMs, 0]) {
        const found = agentFailure(waiting(words, 1_000), limitMs);
        assert.deepEqual([found?.code, found?.reason], [code, `Failed: ${words}`]);
      }
    });

  it("is waited for where trying again may help, until its time is over", () => {
    const words = 'Failed to pull image "contoso.azurecr.io/agent:1": unexpected EOF';
    assert.equal(agentFailure(waiting(words, 1_000), onlineMs), undefined);
    assert.equal(agentFailure(waiting(words, 3_600_000), 0), undefined, "no limit");
    assert.equal(agentFailure(waiting(words, onlineMs), onlineMs)?.code, "EA401");
  });
});
