// The IDs of stages, phases and jobs, which depend on their names and attempts.
import { createHash } from "node:crypto";
import { IMPLICIT } from "../pipeline-model.ts";

/** Which try of a stage and of a job it is; both start at 1. */
export interface Attempts {
  readonly stage: number;
  readonly job: number;
}

/**
 * A guid made from a name. The service gives stages, phases and jobs ids that depend on nothing but their names and
 * attempt: the sole job of any pipeline is `12f1170f-54f2-53f3-20dd-22fc7dff55f9` in every run of every organization.
 * So `System.JobId` says nothing about which run it belongs to.
 */
export function idOf(identifier: string, attempt: number): string {
  const name = attempt === 1 ? identifier : `${identifier}.${attempt}`;
  const hash = createHash("sha1").update(name.toLowerCase()).digest("hex");
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-5${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

/** `stage.job`, or the job alone when nobody named a stage. */
export function phaseIdentifier(stage: string, job: string): string {
  return stage === IMPLICIT ? job : `${stage}.${job}`;
}

/** `System.JobIdentifier`. The service calls the only job of a phase `__default`. */
export function jobIdentifier(stage: string, phase: string, instance: string): string {
  return `${phaseIdentifier(stage, phase)}.${instance}`;
}
