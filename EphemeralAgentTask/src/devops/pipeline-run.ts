// The PipelineRun port: the timeline of the run this step belongs to, read with the job's own token.
import { BuildApi } from "azure-devops-node-api/BuildApi.js";
import {
  BuildStatus,
  TimelineRecordState,
  type TimelineRecord as WireRecord,
} from "azure-devops-node-api/interfaces/BuildInterfaces.js";
import type { RunIdentity } from "../identity.ts";
import type { PipelineRun, TimelineRecord } from "../ports.ts";
import type { DevOpsConnection } from "../settings.ts";
import { credentialHandlers, requestOptions } from "./connection.ts";
import { devOpsFault } from "./faults.ts";
import { jobResult } from "./results.ts";

const states: Readonly<Record<TimelineRecordState, TimelineRecord["state"]>> = {
  [TimelineRecordState.Pending]: "pending",
  [TimelineRecordState.InProgress]: "inProgress",
  [TimelineRecordState.Completed]: "completed",
};

function record(wire: WireRecord): TimelineRecord {
  const { parentId, result, workerName } = wire;
  return {
    id: wire.id ?? "",
    type: wire.type ?? "",
    name: wire.name ?? "",
    state: states[wire.state ?? TimelineRecordState.Pending],
    ...(parentId ? { parentId } : {}),
    ...(result === undefined || result === null ? {} : { result: jobResult(result) }),
    ...(workerName ? { workerName } : {}),
  };
}

export function pipelineRun(devops: DevOpsConnection, run: RunIdentity, productVersion: string): PipelineRun {
  const own: DevOpsConnection = { ...devops, token: devops.jobToken, kind: "jobToken" };
  const api = new BuildApi(
    run.organizationUrl,
    credentialHandlers(own),
    requestOptions,
    `EphemeralAgent/${productVersion}`,
  );
  return {
    async timeline() {
      if (run.hostType !== "build") return undefined;
      try {
        const timeline = await api.getBuildTimeline(run.projectId, Number(run.runId));
        return timeline?.records?.map(record);
      } catch (error) {
        const fault = devOpsFault(error, false);
        if (fault.details.status === 401 || fault.details.status === 403) return undefined;
        throw fault;
      }
    },

    async isOver(runId) {
      if (run.hostType !== "build") return undefined;
      try {
        const build = await api.getBuild(run.projectId, Number(runId));
        // A run that is no longer there is over: only finished ones can be deleted.
        return build === null || build?.status === BuildStatus.Completed;
      } catch (error) {
        const fault = devOpsFault(error, false);
        if (fault.details.status === 401 || fault.details.status === 403) return undefined;
        throw fault;
      }
    },
  };
}
