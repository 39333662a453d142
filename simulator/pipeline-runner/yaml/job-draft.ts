// A job while its part of a pipeline file is read.

import { type JobDefinition, type Pool, soleInstance } from "../pipeline-model.ts";

export type JobDraft = { -readonly [Key in keyof JobDefinition]: JobDefinition[Key] };

const DEFAULT_POOL: Pool = { kind: "hosted", vmImage: "ubuntu-latest" };

export function newJob(line: number, pool: Pool | undefined): JobDraft {
  return {
    line,
    kind: "job",
    name: "",
    displayName: "",
    dependsOn: [],
    condition: "succeeded()",
    pool: pool ?? DEFAULT_POOL,
    variables: [],
    timeoutInMinutes: 60,
    cancelTimeoutInMinutes: 5,
    instance: soleInstance,
    instances: [],
    maxParallel: Number.POSITIVE_INFINITY,
    steps: [],
  };
}
