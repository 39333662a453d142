// Runs of pipeline texts in an organization whose pools are driven by the test: shared by the runner's tests.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JobOffer, JobOutcome, QueuedJob } from "../../../simulator/devops/jobs/job-queue.ts";
import type { Organization } from "../../../simulator/devops/organization.ts";
import { Runs } from "../../../simulator/devops/runs/runs.ts";
import type { JobMessage } from "../../../simulator/job-execution/job/job-message.ts";
import { runJob } from "../../../simulator/job-execution/run-job.ts";
import type { RunEvent } from "../../../simulator/pipeline-runner/run/run-events.ts";
import { type PipelineRun, type RunOptions, startRun } from "../../../simulator/pipeline-runner/run-pipeline.ts";
import { azureConnection } from "../../../simulator/pipeline-runner/service-connections/project-connections.ts";
import { PipelineRefused } from "../../../simulator/pipeline-runner/validation/pipeline-problems.ts";
import { tasks } from "../job-execution/job-fixture.ts";

export const connection = azureConnection("azure-private-deployments", {
  arm: "https://localhost:1",
  authority: "https://localhost:2",
  tenantId: "tenant",
  subscriptionId: "subscription",
  clientId: "client",
  clientSecret: "secret-of-the-client",
});

/** A job that reached a pool. */
export interface Offered {
  readonly offer: JobOffer;
  readonly message: JobMessage;
  /** How the runner canceled it, if it did. */
  readonly canceled: Promise<number>;
  end(outcome: Partial<JobOutcome>): void;
  /** Carries it out in this process, as an agent would. */
  carryOut(): Promise<void>;
}

interface TestOrganization {
  readonly organization: Organization;
  /** What is done with the jobs that reach a pool; left alone by default. */
  onOffer: (offered: Offered) => void;
  /** Tokens that still count. */
  readonly tokens: Set<string>;
}

export function testOrganization(): TestOrganization {
  const runs = new Runs(["Shop"]);
  const tokens = new Set<string>();
  let lastRequest = 0;
  const queue = (offer: JobOffer): QueuedJob => {
    lastRequest += 1;
    const message = offer.message(lastRequest);
    let settle: (outcome: JobOutcome) => void = () => undefined;
    let cancel: (timeoutMs: number) => void = () => undefined;
    const outcome = new Promise<JobOutcome>((resolve) => {
      settle = resolve;
    });
    const canceled = new Promise<number>((resolve) => {
      cancel = resolve;
    });
    const end = (ended: Partial<JobOutcome>): void => settle({ result: "succeeded", outputs: {}, ...ended });
    const carryOut = async (): Promise<void> => {
      const workFolder = mkdtempSync(join(tmpdir(), "pool-agent-"));
      const run = runs.ofPlan(offer.planId);
      assert.ok(run);
      const stop = new AbortController();
      void canceled.then(() => stop.abort());
      const options = { workFolder, tasks, nodePath: process.execPath, reporter: run, signal: stop.signal };
      const ended = await runJob(message, {
        ...options,
        environment: {},
        machineName: "container",
        agentName: "eph-1",
      });
      rmSync(workFolder, { recursive: true, force: true });
      end({ ...ended, agentName: "eph-1" });
    };
    test.onOffer({ offer, message, canceled, end, carryOut });
    return { requestId: lastRequest, outcome, cancel, unheard: () => undefined };
  };
  const organization = {
    url: "https://localhost:3/contoso/",
    id: "00000000-0000-0000-0000-00000000c011",
    projects: runs.projects,
    queue,
    createRun: (request) => runs.create(request),
    installTask: () => undefined,
    issueJobToken({ run }) {
      const token = `token-${run.id}-${tokens.size}`;
      tokens.add(token);
      return { token, revoke: () => void tokens.delete(token) };
    },
  } satisfies Partial<Organization> as Partial<Organization> as Organization;
  const test: TestOrganization = { organization, onOffer: () => undefined, tokens };
  return test;
}

export function start(yaml: string, part: Partial<RunOptions> & { readonly in?: TestOrganization } = {}): PipelineRun {
  const { in: test = testOrganization(), ...options } = part;
  const { organization } = test;
  return startRun({ yaml, organization, serviceConnections: [connection], taskFolders: tasks, ...options });
}

/** Results by job name. */
export async function results(yaml: string, part: Parameters<typeof start>[1] = {}): Promise<Record<string, string>> {
  const { jobs } = await start(yaml, part).done;
  return Object.fromEntries(Object.entries(jobs).map(([name, { result }]) => [name, result]));
}

/** Why a file is refused, one line a problem. */
export function refusal(yaml: string): string[] {
  try {
    start(yaml);
  } catch (error) {
    assert.ok(error instanceof PipelineRefused, String(error));
    return error.message.split("\n");
  }
  return assert.fail("the file was not refused");
}

/** Collects events, and tells when one is seen. */
export function events(): { onEvent: (event: RunEvent) => void; seen: RunEvent[]; until(mark: string): Promise<void> } {
  const seen: RunEvent[] = [];
  const waiting: { mark: string; resolve: () => void }[] = [];
  const text = (event: RunEvent): string =>
    event.kind === "line" ? `${event.job}: ${event.line}` : `${event.job} ${event.state}`;
  return {
    seen,
    onEvent(event) {
      seen.push(event);
      for (const { mark, resolve } of waiting) if (text(event) === mark) resolve();
    },
    until: (mark) =>
      new Promise((resolve) => {
        if (seen.some((event) => text(event) === mark)) resolve();
        else waiting.push({ mark, resolve });
      }),
  };
}
