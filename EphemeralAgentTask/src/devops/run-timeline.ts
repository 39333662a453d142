// Implements the PipelineRun port: reads the run's timeline with the job's own token.
import { BuildApi } from "azure-devops-node-api/BuildApi.js";
import {
  BuildStatus,
  IssueType,
  TimelineRecordState,
  type TimelineRecord as WireRecord,
} from "azure-devops-node-api/interfaces/BuildInterfaces.js";
import type { Transport } from "../http/transport.ts";
import type { RunIdentity } from "../plan/owner-marks.ts";
import type { DevOpsConnection } from "../ports/connections.ts";
import type { PipelineRun, TimelineRecord } from "../ports.ts";
import { isBuild, isTimeline, saysForbidden, saysMissing, shaper } from "./expected-fields.ts";
import { jobResult } from "./job-results.ts";
import { sessionWith } from "./organization-client.ts";

const states: Readonly<Record<TimelineRecordState, TimelineRecord["state"]>> = {
  [TimelineRecordState.Pending]: "pending",
  [TimelineRecordState.InProgress]: "inProgress",
  [TimelineRecordState.Completed]: "completed",
};

function record(wire: WireRecord): TimelineRecord {
  const { parentId, result, workerName, task, finishTime, issues } = wire;
  const errors = (issues ?? []).filter(({ type }) => type === IssueType.Error).map(({ message = "" }) => message);
  const finishedAt = finishTime ? new Date(finishTime).getTime() : Number.NaN;
  return {
    id: wire.id ?? "",
    type: wire.type ?? "",
    name: wire.name ?? "",
    state: states[wire.state ?? TimelineRecordState.Pending],
    ...(parentId ? { parentId } : {}),
    ...(result === undefined || result === null ? {} : { result: jobResult(result) }),
    ...(workerName ? { workerName } : {}),
    ...(errors.length > 0 ? { errors } : {}),
    ...(task?.id ? { taskId: task.id } : {}),
    ...(Number.isNaN(finishedAt) ? {} : { finishedAt }),
  };
}

const sameAddress = (one: string, other: string) =>
  one.replace(/\/+$/, "").toLowerCase() === other.replace(/\/+$/, "").toLowerCase();

/** What the service says of a run that it does not know, or whose project it does not know. */
const unknownRun = [
  "BuildNotFoundException",
  "TimelineNotFoundException",
  "ProjectDoesNotExistException",
  "ProjectDoesNotExistWithNameException",
];

/** @param tell tells the user, once, what may not be read */
export function pipelineRun(
  { url, jobToken }: DevOpsConnection,
  run: RunIdentity,
  transport: Transport,
  productVersion: string,
  tell: (line: string) => void = () => undefined,
): PipelineRun {
  const own = { url: run.organizationUrl, token: { kind: "bearer", token: jobToken }, jobToken } as const;
  const { over, call } = sessionWith(own, transport, `EphemeralAgent/${productVersion}`);
  const api = over(new BuildApi(run.organizationUrl, []));
  const { one } = shaper(run.organizationUrl);
  const told = new Set<string>();

  /** What the service says may not be read is unknown: the step waits then instead of failing. */
  async function read<T>(what: string, send: () => Promise<T>): Promise<T | undefined> {
    try {
      return await send();
    } catch (error) {
      if (!saysForbidden(error)) throw error;
      if (!told.has(what)) tell(`${what} may not be read: ${error.message} (HTTP ${error.details.status})`);
      told.add(what);
      return undefined;
    }
  }

  return {
    async timeline(signal) {
      // In another organization's pool the jobs are of other runs: this run's timeline says nothing about them.
      if (run.hostType !== "build" || !sameAddress(url, run.organizationUrl)) return undefined;
      return read("This run's timeline", async () => {
        try {
          const answer = await call(() => api.getBuildTimeline(run.projectId, Number(run.runId)), signal);
          return (one(answer, "a timeline", isTimeline).records ?? []).map(record);
        } catch (error) {
          // A run that the service does not know has no job that could come. One that is queued in the pool all the same
          // is seen there.
          if (unknownRun.some((code) => saysMissing(error, code))) return [];
          throw error;
        }
      });
    },

    async isOver(runId, signal) {
      if (run.hostType !== "build") return undefined;
      return read("Runs of this project", async () => {
        try {
          const answer = await call(() => api.getBuild(run.projectId, Number(runId)), signal);
          return one(answer, "a run", isBuild).status === BuildStatus.Completed;
        } catch (error) {
          // A run that the service does not know may be one that it hides: a guess, as it does so with pipelines. Its agents
          // are swept once they have expired.
          if (saysMissing(error, "BuildNotFoundException")) return undefined;
          throw error;
        }
      });
    },
  };
}
