import assert from "node:assert/strict";
import { agentState, pauseAfter, readsToConfirm } from "../../../EphemeralAgentTask/src/lifecycle/watch/agent-state.ts";
import type { AgentView, ContainerGroupView, JobRequest } from "../../../EphemeralAgentTask/src/ports.ts";

const request: JobRequest = {
  requestId: 5,
  jobId: "j",
  jobName: "deploy",
  planId: "p",
  planType: "Build",
  scopeId: "s",
  ownerId: "101",
  ownerName: "20260105.1",
  finished: false,
};
const agent: AgentView = { id: 1, name: "eph", online: false, enabled: true, capabilities: {}, systemCapabilities: {} };
const group: ContainerGroupView = { id: "/g", name: "eph", tags: {}, provisioningState: "Pending", events: [] };
const running: ContainerGroupView = {
  ...group,
  provisioningState: "Succeeded",
  container: { state: "Running", restartCount: 0 },
};
const ended: ContainerGroupView = { ...running, container: { state: "Terminated", exitCode: 0, restartCount: 0 } };

const rows: [
  what: string,
  agent: AgentView | undefined,
  group: ContainerGroupView | undefined,
  seen: JobRequest | undefined,
  kind: string,
][] = [
  ["a new record and a group being made", agent, group, undefined, "starting"],
  ["a running container whose listener is not there yet", agent, running, undefined, "starting"],
  ["a listener with a session", { ...agent, online: true }, running, undefined, "online"],
  ["a job on the agent", { ...agent, online: true, assignedRequest: request }, running, undefined, "assigned"],
  ["a job on an agent whose session flickers", { ...agent, assignedRequest: request }, running, request, "assigned"],
  ["a finished job", { ...agent, lastCompletedRequest: request }, ended, request, "finished"],
  [
    "a finished job that is still shown as assigned",
    { ...agent, assignedRequest: request, lastCompletedRequest: request },
    running,
    request,
    "finished",
  ],
  ["a job that is neither assigned nor completed any more", agent, running, request, "finished"],
  ["a job on a container that ended", { ...agent, assignedRequest: request }, ended, request, "lost"],
  ["a job on a group that is gone", { ...agent, assignedRequest: request }, undefined, request, "lost"],
  ["a container that ended without a job", agent, ended, undefined, "ended"],
  ["a group that could not be placed", agent, { ...group, provisioningState: "Failed" }, undefined, "failed"],
  ["a group that was deleted", agent, undefined, undefined, "group gone"],
  ["a record that was removed", undefined, running, undefined, "record gone"],
];

describe("An agent's standing", () => {
  for (const [what, record, container, seen, kind] of rows) {
    it(`is '${kind}' with ${what}`, () => assert.equal(agentState(record, container, seen).kind, kind));
  }

  it("is read again before a loss is believed, because the job may just have finished", () => {
    assert.ok(readsToConfirm({ kind: "lost", request, group: ended }) > 0);
    assert.ok(readsToConfirm({ kind: "ended", group: ended }) > 0);
    assert.ok(readsToConfirm({ kind: "finished", request: undefined }) > 0);
    assert.equal(readsToConfirm({ kind: "finished", request }), 0);
  });

  it("is looked at again soon while its job is shown neither as running nor as done, for some seconds", () => {
    const now = { kind: "finished", request: undefined } as const;
    assert.ok(pauseAfter(now, 0) < 500);
    assert.ok(pauseAfter(now, 0) * readsToConfirm(now) > 3_000);
  });

  it("is looked at often while something is about to happen, and ever less often after", () => {
    const starting = { kind: "starting", state: "", running: false } as const;
    const soon = [{ ...starting, running: true }, { kind: "online" }, { kind: "assigned", request }] as const;
    for (const now of soon) {
      const pauses = [0, 10_000, 300_000, 3_600_000].map((sinceMs) => pauseAfter(now, sinceMs));
      assert.ok((pauses[0] ?? 0) <= 300, now.kind);
      assert.ok((pauses[1] ?? 0) >= 1_000, now.kind);
      assert.deepEqual(
        pauses,
        [...pauses].sort((one, other) => one - other),
      );
    }
    assert.ok(pauseAfter(starting, 0) >= 1_000, "Azure takes its time");
  });
});
