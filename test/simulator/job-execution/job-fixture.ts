// A job on a machine of its own, and what was seen of it: shared by the worker's tests.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TimelineRecord } from "../../../simulator/devops/runs/timeline-record.ts";
import type { Endpoint, JobMessage, JobStep, JobVariable } from "../../../simulator/job-execution/job/job-message.ts";
import type { RunJobOptions } from "../../../simulator/job-execution/job/job-options.ts";
import { type JobRun, runJob } from "../../../simulator/job-execution/run-job.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

export const tasks = {
  Probe: fixture("probe"),
  Restricted: fixture("restricted"),
  WindowsOnly: fixture("windows-only"),
};

const systemConnection: Endpoint = {
  id: "00000000-0000-0000-0000-000000000000",
  name: "SystemVssConnection",
  url: "https://localhost:4711/contoso/",
  authorization: { scheme: "OAuth", parameters: { AccessToken: "job-token-of-this-run" } },
  data: {},
};

/** A step with what a test wants otherwise than usual, the rest filled in. */
interface StepPart extends Partial<Omit<JobStep, "type" | "reference" | "name" | "environment">> {
  readonly task?: { readonly name: string; readonly version: string };
  readonly refName?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function step({ task = { name: "Bash", version: "3" }, refName, env = {}, ...part }: StepPart): JobStep {
  const id = randomUUID();
  return {
    type: "task",
    reference: { id: randomUUID(), ...task },
    id,
    name: refName ?? `step${id.slice(0, 4)}`,
    displayName: refName ?? task.name,
    condition: "succeeded()",
    enabled: true,
    continueOnError: false,
    timeoutInMinutes: 0,
    retryCountOnTaskFailure: 0,
    environment: env,
    inputs: {},
    ...part,
  };
}

/** A step of the fixture task that runs JavaScript, and more of it in its post-job stage. */
export function probe(code: string, part: StepPart & { postCode?: string } = {}): JobStep {
  const { postCode = "", inputs = {}, ...rest } = part;
  return step({ task: { name: "Probe", version: "1" }, inputs: { code, postCode, ...inputs }, ...rest });
}

export function bash(script: string, part: StepPart = {}): JobStep {
  return step({ task: { name: "Bash", version: "3" }, inputs: { script }, ...part });
}

interface SeenJob extends JobRun {
  readonly log: string;
  readonly records: readonly TimelineRecord[];
  readonly attachments: readonly { type: string; name: string; content: string }[];
  /** Names and results of the step records, in order. */
  readonly steps: readonly string[];
  readonly issues: readonly string[];
}

export interface JobParts {
  readonly variables?: Readonly<Record<string, JobVariable | string>>;
  readonly endpoints?: readonly Endpoint[];
  readonly options?: Partial<RunJobOptions>;
  /** Called with every log line while the job runs. */
  readonly onLine?: (line: string) => void;
}

/** Runs a job of these steps to its end. */
export async function run(steps: readonly JobStep[], parts: JobParts = {}): Promise<SeenJob> {
  const home = mkdtempSync(join(tmpdir(), "worker-test-"));
  const records = new Map<string, Partial<TimelineRecord> & { id: string }>();
  const lines: string[] = [];
  const attachments: { type: string; name: string; content: string }[] = [];
  const variables = Object.entries({ "System.HostType": "build", ...parts.variables }).map(
    ([name, value]) => [name, typeof value === "string" ? { value } : value] as const,
  );
  const message: JobMessage = {
    messageType: "PipelineAgentJobRequest",
    plan: { planId: randomUUID(), scopeIdentifier: randomUUID(), planType: "Build" },
    timeline: { id: randomUUID() },
    jobId: randomUUID(),
    jobName: "deploy",
    jobDisplayName: "Deploy",
    requestId: 1,
    variables: Object.fromEntries(variables),
    resources: { endpoints: [systemConnection, ...(parts.endpoints ?? [])] },
    steps,
  };
  try {
    const result = await runJob(message, {
      workFolder: join(home, "_work"),
      tasks,
      nodePath: process.execPath,
      signal: new AbortController().signal,
      environment: {},
      machineName: "machine",
      agentName: "agent-1",
      retryDelayMs: () => 0,
      reporter: {
        record: (patch) => void records.set(patch.id, { ...records.get(patch.id), ...patch }),
        lines: (_, added) => {
          lines.push(...added);
          for (const line of added) parts.onLine?.(line);
        },
        attach: (_, attachment) => void attachments.push(attachment),
      },
      ...parts.options,
    });
    const all = [...records.values()] as TimelineRecord[];
    const stepRecords = all.filter(({ type }) => type === "Task").sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
    return {
      ...result,
      log: lines.join("\n"),
      records: all,
      attachments,
      steps: stepRecords.map(({ name, result: outcome }) => `${name}: ${outcome}`),
      issues: all.flatMap(({ issues = [] }) => issues.map(({ type, message: text }) => `${type}: ${text}`)),
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
