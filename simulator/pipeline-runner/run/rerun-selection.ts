// Lists the jobs of a pipeline with their stages, and those that a re-run runs again.

import type { JobDefinition, Pipeline, StageDefinition } from "../pipeline-model.ts";
import { ancestorsOf, keyOf } from "./dependencies.ts";

/** A job where it stands. */
export interface Place {
  readonly stage: StageDefinition;
  readonly job: JobDefinition;
  readonly key: string;
  /** The job's own name, or `stage.job` where two stages have a job of that name. */
  readonly name: string;
}

export function placesOf({ stages }: Pipeline): Place[] {
  const all = stages.flatMap((stage) => stage.jobs.map((job) => ({ stage, job, key: keyOf(stage, job) })));
  return all.map((place) => {
    const shared = all.filter(({ job }) => job.name.toLowerCase() === place.job.name.toLowerCase()).length > 1;
    return { ...place, name: shared ? `${place.stage.name}.${place.job.name}` : place.job.name };
  });
}

/** What "re-run failed jobs" runs again: whatever did not go well, and what depends on it. */
export function failedAndAfter(
  { stages }: Pipeline,
  places: readonly Place[],
  wentWell: (key: string) => boolean,
): Place[] {
  const failed = places.filter(({ key }) => !wentWell(key));
  return places.filter(
    (place) =>
      failed.includes(place) ||
      ancestorsOf(place.job, place.stage.jobs).some((job) => failed.some((one) => one.job === job)) ||
      ancestorsOf(place.stage, stages).some((stage) => failed.some((one) => one.stage === stage)),
  );
}

/** What "re-run stage" runs again: all of it, and the stages that depend on it. */
export function stageAndAfter({ stages }: Pipeline, places: readonly Place[], name: string): Place[] {
  const isStage = (stage: StageDefinition): boolean => stage.name.toLowerCase() === name.toLowerCase();
  return places.filter(({ stage }) => isStage(stage) || ancestorsOf(stage, stages).some(isStage));
}
