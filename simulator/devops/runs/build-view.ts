// A build as a GET shows it.
import { createHash } from "node:crypto";
import type { Identity } from "../identity/identities.ts";
import { identityReference } from "../identity/identity-reference.ts";
import { definitionLinks, ownerLinks } from "../jobs/run-links.ts";
import type { Project, Run } from "./runs.ts";

/** Whose machines a definition names when its pipeline does not: Microsoft's, which the simulator does not list. */
const hostedQueue = { id: 9, name: "Azure Pipelines", pool: { id: 9, name: "Azure Pipelines", isHosted: true } };

/** A run as the build API shows it, with every member that recorded ones always have (recordings, devops: Builds). */
export function buildView(run: Run, serverUrl: string, owner: Identity): object {
  const { id, name, status, result, queueTime, startTime, finishTime, planId } = run;
  const address = `${serverUrl}${run.project.id}/_apis/build`;
  const project = projectReference(run.project, serverUrl);
  const somebody = identityReference(owner, serverUrl);
  return {
    _links: {
      ...ownerLinks(serverUrl, run),
      sourceVersionDisplayUri: { href: `${address}/builds/${id}/sources` },
      timeline: { href: `${address}/builds/${id}/Timeline` },
      badge: { href: `${address}/status/${run.definition.id}` },
    },
    properties: {},
    tags: [],
    validationResults: [],
    plans: [{ planId }],
    triggerInfo: {},
    id,
    buildNumber: name,
    status,
    ...(result === undefined ? {} : { result }),
    queueTime,
    ...(startTime === undefined ? {} : { startTime }),
    ...(finishTime === undefined ? {} : { finishTime }),
    url: `${address}/Builds/${id}`,
    definition: definitionReference(run, serverUrl, project),
    buildNumberRevision: id,
    project,
    uri: `vstfs:///Build/Build/${id}`,
    sourceBranch: "refs/heads/main",
    sourceVersion: createHash("sha1").update(planId).digest("hex"),
    queue: hostedQueue,
    priority: "normal",
    reason: "manual",
    requestedFor: somebody,
    requestedBy: somebody,
    lastChangedDate: finishTime ?? startTime ?? queueTime,
    lastChangedBy: somebody,
    orchestrationPlan: { planId },
    logs: { id: 0, type: "Container", url: `${address}/builds/${id}/logs` },
    repository: {
      id: run.project.id,
      type: "TfsGit",
      name: run.project.name,
      url: `${serverUrl}${run.project.name}/_git/${run.project.name}`,
      clean: null,
      checkoutSubmodules: false,
    },
    keepForever: false,
    retainedByRelease: false,
    triggeredByBuild: null,
  };
}

function definitionReference(run: Run, serverUrl: string, project: object): object {
  const { self } = definitionLinks(serverUrl, run);
  return {
    drafts: [],
    ...run.definition,
    url: `${self.href}?revision=1`,
    uri: `vstfs:///Build/Definition/${run.definition.id}`,
    path: "\\",
    type: "build",
    queueStatus: "enabled",
    revision: 1,
    project,
  };
}

function projectReference({ id, name }: Project, serverUrl: string): object {
  const url = `${serverUrl}_apis/projects/${id}`;
  const lastUpdateTime = "2026-01-05T08:15:42.027Z";
  return { id, name, url, state: "wellFormed", revision: 1, visibility: "private", lastUpdateTime };
}
