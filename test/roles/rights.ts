// The built task under roles that lack something, in a simulator that enforces them.
import { randomUUID } from "node:crypto";
import type { RoleDefinition } from "../../simulator/arm/authorization/permission-check.ts";
import { shippedRoles } from "../../simulator/arm/authorization/shipped-roles.ts";
import type { Run } from "../../simulator/devops/runs/runs.ts";
import { azureConnection } from "../../simulator/pipeline-runner/service-connections/project-connections.ts";
import type { Simulator } from "../../simulator/start-simulator.ts";
import { stepIn } from "../task/harness/in-simulator.ts";
import { runTask, type TaskRun } from "../task/harness/run-task.ts";

export const quickAzure = { timings: { pendingMs: 20, pullMs: 20, startMs: 20, restartMs: 20, deleteMs: 20 } };

/** A service principal with the shipped roles, one action left out. */
export interface Restricted {
  readonly objectId: string;
  /** Runs one action of the task as it. */
  task(inputs: Readonly<Record<string, string>>, run?: Run): Promise<TaskRun>;
}

export const without = (role: RoleDefinition, action: string): RoleDefinition => ({
  ...role,
  Actions: role.Actions.filter((each) => each !== action),
});

/** Where each role is assigned, as the README of the samples says. */
export function assignedAt({ ready }: Simulator): { readonly containerGroups: string; readonly network: string } {
  return {
    containerGroups: `/subscriptions/${ready.subscriptionId}/resourceGroups/${ready.resourceGroup}`,
    network: ready.subnetId.replace(/\/subnets\/.*/, ""),
  };
}

export function restricted(simulator: Simulator, missing: string): Restricted {
  const { ready, arm, entra } = simulator;
  const principal = entra.directory.addServicePrincipal(`without ${missing}`);
  const { objectId: principalId } = principal;
  const roles = shippedRoles(ready.subscriptionId);
  const scopes = assignedAt(simulator);
  arm.access.assign({
    principalId,
    role: without(roles.containerGroups, missing),
    scope: scopes.containerGroups,
  });
  arm.access.assign({ principalId, role: without(roles.network, missing), scope: scopes.network });
  const connection = azureConnection("azure-private-deployments", {
    ...ready,
    clientId: principal.appId,
    clientSecret: principal.secret,
  });
  return {
    objectId: principalId,
    async task(inputs, run) {
      const { start, jobEnded } = stepIn(simulator, inputs, { endpoints: [connection], ...(run && { run }) });
      const done = await runTask(start);
      // As long as the job runs that began an agent, `remove` waits for the rest of it.
      jobEnded(done.result === "failed" ? "failed" : "succeeded");
      return done;
    },
  };
}

/** Inputs that create one agent and go on at once, under a prefix by which a test finds its container group. */
export const creating = (agentPrefix: string): Record<string, string> => ({
  action: "create",
  agentPrefix,
  timeoutAgentOnline: "0",
});

/** A prefix no other test uses. */
export const freshPrefix = (): string => `t${randomUUID().slice(0, 8)}`;

export function newRun({ organization, ready }: Simulator): Run {
  return organization.createRun({ project: ready.project, definition: { id: 1, name: "deploy" }, kind: "Build" });
}
