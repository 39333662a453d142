// Links from a job request to the pages of its run.
import type { Definition, Project, RunKind } from "../runs/runs.ts";

/** What the links of a run are made of. */
interface LinkedRun {
  readonly kind: RunKind;
  readonly id: number;
  readonly project: Pick<Project, "id">;
  readonly definition: Definition;
}

interface Links {
  readonly web: { readonly href: string };
  readonly self: { readonly href: string };
}

const links = (web: string, self: string): Links => ({ web: { href: web }, self: { href: self } });

/** `_links` of a run's definition, as job requests and job messages show them (recordings, devops: jobrequests). */
export function definitionLinks(serverUrl: string, { kind, project, definition }: LinkedRun): Links {
  const base = `${serverUrl}${project.id}`;
  return kind === "Build"
    ? links(
        `${base}/_build/definition?definitionId=${definition.id}`,
        `${base}/_apis/build/Definitions/${definition.id}`,
      )
    : links(`${base}/_release?definitionId=${definition.id}`, `${base}/_apis/Release/definitions/${definition.id}`);
}

/** `_links` of a run itself. */
export function ownerLinks(serverUrl: string, { kind, id, project }: LinkedRun): Links {
  const base = `${serverUrl}${project.id}`;
  return kind === "Build"
    ? links(`${base}/_build/results?buildId=${id}`, `${base}/_apis/build/Builds/${id}`)
    : links(`${base}/_release?releaseId=${id}&_a=release-summary`, `${base}/_apis/Release/releases/${id}`);
}
