// The PipelineRun port: the timeline of the run this step belongs to, read with the job's own token.
import { BuildApi } from "azure-devops-node-api/BuildApi.js";
import {
  BuildStatus,
  TimelineRecordState,
  type TimelineRecord as WireRecord,
} from "azure-devops-node-api/interfaces/BuildInterfaces.js";
import type { RunIdentity } from "../identity.ts";
import { type PipelineRun, ServiceFault, type TimelineRecord } from "../ports.ts";
import type { DevOpsConnection } from "../settings.ts";
import type { Transport } from "../transport.ts";
import { callWith, refusingSignInPages, sessionWith } from "./connection.ts";
import { jobResult } from "./results.ts";

const states: Readonly<Record<TimelineRecordState, TimelineRecord["state"]>> = {
  [TimelineRecordState.Pending]: "pending",
  [TimelineRecordState.InProgress]: "inProgress",
  [TimelineRecordState.Completed]: "completed",
};

function record(wire: WireRecord): TimelineRecord {
  const { parentId, result, workerName, task, finishTime } = wire;
  const finishedAt = finishTime ? new Date(finishTime).getTime() : Number.NaN;
  return {
    id: wire.id ?? "",
    type: wire.type ?? "",
    name: wire.name ?? "",
    state: states[wire.state ?? TimelineRecordState.Pending],
    ...(parentId ? { parentId } : {}),
    ...(result === undefined || result === null ? {} : { result: jobResult(result) }),
    ...(workerName ? { workerName } : {}),
    ...(task?.id ? { taskId: task.id } : {}),
    ...(Number.isNaN(finishedAt) ? {} : { finishedAt }),
  };
}

const sameAddress = (one: string, other: string) =>
  one.replace(/\/+$/, "").toLowerCase() === other.replace(/\/+$/, "").toLowerCase();

/** Answers of a service that does not let itself be read: 203 is its sign-in page. */
const unreadable = new Set([203, 401, 403]);

export function pipelineRun(
  { url, jobToken }: DevOpsConnection,
  run: RunIdentity,
  transport: Transport,
  productVersion: string,
): PipelineRun {
  const session = sessionWith(
    { url: run.organizationUrl, token: { kind: "bearer", token: jobToken }, jobToken },
    transport,
  );
  const product = `EphemeralAgent/${productVersion}`;
  const api = refusingSignInPages(
    new BuildApi(run.organizationUrl, session.handlers, session.options, product),
    transport,
  );

  /** What may not be read is unknown: the step waits then instead of failing. */
  async function read<T>(send: () => Promise<T>): Promise<T | undefined> {
    try {
      return await callWith(session, false, send);
    } catch (error) {
      const status = error instanceof ServiceFault ? error.details.status : undefined;
      if (status !== undefined && unreadable.has(status)) return undefined;
      throw error;
    }
  }

  return {
    async timeline() {
      // In another organization's pool the jobs are of other runs: this run's timeline says nothing about them.
      if (run.hostType !== "build" || !sameAddress(url, run.organizationUrl)) return undefined;
      const timeline = await read(() => api.getBuildTimeline(run.projectId, Number(run.runId)));
      // A run that the service does not know (the client makes null of a 404) has no job that could come. One that is
      // queued in the pool all the same is seen there.
      return timeline === null ? [] : timeline?.records?.map(record);
    },

    async isOver(runId) {
      if (run.hostType !== "build") return undefined;
      const build = await read(() => api.getBuild(run.projectId, Number(runId)));
      // A run that the service does not know (404, of which the client makes null) may be one that it hides: a guess, as it
      // does so with pipelines. Its agents are swept once they have expired.
      return build ? build.status === BuildStatus.Completed : undefined;
    },
  };
}
