// A sample as it is, and what a run of it must have shown.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { selfDestructed } from "../../scripts/demo/await-self-destruct.ts";
import type { JobReport, RunReport } from "../../simulator/pipeline-runner/run/run-results.ts";
import type { Pipeline } from "./scenario/pipeline-run.ts";
import type { Scene } from "./scenario/scenario.ts";
import { creation, deletion, registration, unregistration } from "./scenario/task-requests.ts";

export const sample = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../samples/${name}/azure-pipelines.yml`, import.meta.url)), "utf8");

/** A job of a run, by its name. */
export function job({ jobs }: RunReport, name: string): JobReport {
  const found = jobs[name];
  assert.ok(found, `the run has no job ${name}`);
  return found;
}

/** The one agent a run made, as the log of the job that made it tells of it; checked against what the services saw. */
export function madeIn(text: string, { simulator }: Scene, outputs: JobReport["outputs"], step: string) {
  const registered = /\[ +\d+ s\] (\S+): registered in pool 'ephemeral-agents' as agent (\d+)/.exec(text);
  const requested = /\[ +\d+ s\] (\S+): container group requested \((\S+)\)/.exec(text);
  const [, name, agentId] = registered ?? [];
  const [, , groupId] = requested ?? [];
  assert.match(name ?? "", /^eph-\d+-[a-z0-9]{6}$/, text);
  assert.equal(requested?.[1], name);
  const prefix = `/subscriptions/${simulator.ready.subscriptionId}/resourceGroups/${simulator.ready.resourceGroup}`;
  assert.equal(groupId, `${prefix}/providers/Microsoft.ContainerInstance/containerGroups/${name}`);
  const of = (output: string) => outputs[`${step}.${output}`]?.value;
  assert.equal(of("agentName"), name);
  assert.equal(of("agentId"), agentId);
  assert.equal(of("containerGroupName"), name);
  assert.equal(of("containerGroupId"), groupId);
  assert.equal(of("ImageNameOutput"), name);
  assert.equal(of("ImageIdOutput"), groupId);
  return { name, agentId };
}

/** What is made, before it is: one line a fact. */
export function assertAnnounced(text: string): void {
  assert.match(text, /^Agents: +1 in pool 'ephemeral-agents' \(agent package \d+\.\d+\.\d+\)$/m);
  assert.match(text, /^Image: +contoso\.azurecr\.io\/azure-pipelines-agent:latest$/m);
  assert.match(text, /^Resource group: +rg-ephemeral-agents$/m);
  assert.match(text, /^Container group: +1 CPU, 2 GB in westeurope, subnet snet-agents$/m);
  assert.match(text, /^Limits: +60 min without a job, 60 min in total$/m);
}

export function assertAllSucceeded(report: RunReport): void {
  for (const [name, { result, issues, log }] of Object.entries(report.jobs)) {
    assert.deepEqual({ name, result, issues }, { name, result: "succeeded", issues: [] }, log.join("\n"));
  }
  assert.equal(report.result, "succeeded");
}

/** The deploy job ran on that agent, and what it deployed arrived, although nobody outside reaches it. */
export function assertDeployed(
  { simulator }: Scene,
  { id }: Pipeline,
  report: RunReport,
  agentName: string | undefined,
): void {
  assert.equal(job(report, "deploy").agentName, agentName);
  const { deployments } = simulator.network.privateResource;
  assert.deepEqual([...deployments], [[String(id), `build ${id}`]]);
  assert.ok(job(report, "deploy").log.includes(`build ${id}`));
  const { entries } = simulator.requests;
  assert.equal(entries.filter(registration).length, 1);
  assert.equal(entries.filter(creation).length, 1);
}

export const text = ({ log }: JobReport): string => log.join("\n");

/** Each container has deleted its own group, and before that its record; nobody else has deleted anything. */
export async function assertSelfDestructed({ simulator, expectRefusal }: Scene, groups: number): Promise<void> {
  // The start script only looks whether the organization is there, and dies of the deletion before it is answered.
  expectRefusal(/^501 devops GET \/contoso\/$/, /^0 arm DELETE .*\/containerGroups\/[^/]+$/);
  await selfDestructed(simulator, () => undefined);
  assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] });
  const { entries } = simulator.requests;
  assert.deepEqual(
    entries.filter(deletion).map(({ caller }) => caller),
    Array.from({ length: groups }, () => "id-agent-cleanup"),
  );
  assert.equal(entries.filter(unregistration).length, groups);
}
