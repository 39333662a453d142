// Who made an agent: what the owner tags on its container group and the user capabilities on its record say, in the
// same words, so that everything a run made can be found again without anything the run printed.

import type { AgentView } from "../ports.ts";
import { marksInVariable } from "./marks-variable.ts";
import { markLengths, shortened } from "./shorten-owner-marks.ts";

export interface RunIdentity {
  /** `System.CollectionUri`, with a trailing slash. It changes when the organization is renamed. */
  readonly organizationUrl: string;
  /** `System.CollectionId`, which stays; undefined where the agent does not say it. */
  readonly collectionId?: string;
  readonly projectId: string;
  readonly projectName: string;
  readonly hostType: "build" | "release";
  /** `Build.BuildId` or `Release.ReleaseId`. */
  readonly runId: string;
  readonly planId: string;
  readonly stage: string;
  readonly attempt: string;
  readonly jobId: string;
  /** The pool is another organization's: the runs of its jobs are none that this one could be compared with. */
  readonly elsewhere?: true;
}

/**
 * What a job beside a `run` step demands: the placeholder has it, and every agent that a `run` step makes. One that
 * `create` makes has not, or a job of another run could take it, and the job it was made for would never get one.
 */
export const kindMark = "EphemeralAgent";

/** Of this task, as its task.json has it: so the run's timeline tells its steps. */
export const taskId = "35e14468-09ae-4a2c-9e41-d77268a4c9ab";

const mark = (name: string) => `${kindMark}.${name}`;

/**
 * The marks of one agent.
 * @param resourceGroupId where its container group is: a record does not tell otherwise
 * @param expires when a sweep may take it, in milliseconds since the epoch
 */
export function ownerMarks(run: RunIdentity, resourceGroupId: string, expires: number): Record<string, string> {
  return {
    [mark("Organization")]: run.organizationUrl,
    ...(run.collectionId ? { [collectionMark]: run.collectionId } : {}),
    ...ownMarks(run),
    [mark("Stage")]: run.stage,
    [mark("Attempt")]: run.attempt,
    [mark("Job")]: run.jobId,
    [mark("ResourceGroup")]: resourceGroupId,
    [mark("Expires")]: new Date(expires).toISOString(),
  };
}

const collectionMark = mark("CollectionId");

function ownMarks(run: RunIdentity): Record<string, string> {
  return {
    [mark("Project")]: run.projectId,
    [mark("HostType")]: run.hostType,
    [mark("Run")]: run.runId,
  };
}

/**
 * The same kind of run by every value of `System.HostType`: a release says `deployment` in a job of a deployment group, and
 * `gates` while it evaluates those (Microsoft Learn, predefined release variables).
 */
export function hostTypeOf(value: string | undefined): RunIdentity["hostType"] {
  return /^(release|deployment|gates)$/i.test(value ?? "") ? "release" : "build";
}

/** The page on which people see a run, in the form that the service's own links have (recorded). */
export function pageOf({ organizationUrl, projectId, hostType, runId }: RunIdentity): string {
  const page =
    hostType === "build" ? `_build/results?buildId=${runId}` : `_release?releaseId=${runId}&_a=release-summary`;
  return `${organizationUrl}${projectId}/${page}`;
}

/** The name of an organization of Azure DevOps Services by either form of its address; undefined for a server. */
function organizationName(url: string): string | undefined {
  const [, current, former] =
    /^https:\/\/(?:dev\.azure\.com\/([^/]+)|([^./]+)\.visualstudio\.com)(?:\/|$)/i.exec(url) ?? [];
  return (current ?? former)?.toLowerCase();
}

const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

const sameAddress = (one: string, other: string) =>
  one.replace(/\/+$/, "").toLowerCase() === other.replace(/\/+$/, "").toLowerCase();

/**
 * True when the marks were made in this organization. Its id decides. Marks of version 1.0, and those of a run that did not
 * know the id, have the address only. In Azure DevOps Services a project's id is unique among all organizations, so that a
 * project of the same id is in the same organization, under whatever name it had then. Collections of a server may be
 * clones of each other: there the address must be the same.
 */
function ofOrganization(run: RunIdentity, marks: Readonly<Record<string, string>>): boolean {
  const id = marks[collectionMark];
  if (id && run.collectionId) return id.toLowerCase() === run.collectionId.toLowerCase();
  const address = marks[mark("Organization")] ?? "";
  const [then, now] = [address, run.organizationUrl].map(organizationName);
  if (then === undefined || now === undefined) return sameAddress(address, run.organizationUrl);
  return then === now || guid.test(run.projectId);
}

/** Tags that a container group has besides, to name its record; the id when the task made that. */
export function recordTags(pool: string, agentName: string, agentId: number | undefined): Record<string, string> {
  const id = agentId === undefined ? {} : { [mark("AgentId")]: String(agentId) };
  return { [mark("Pool")]: pool, [mark("Agent")]: agentName, ...id };
}

/** True when the tags of a container group name this pool: groups of several pools may share a resource group. */
export function ofPool(pool: string, tags: Readonly<Record<string, string>>): boolean {
  return tags[mark("Pool")]?.toLowerCase() === shortened(pool).toLowerCase();
}

/** False when the marks of a record name another resource group: records of several may share a pool. */
export function ofResourceGroup(resourceGroupId: string, marks: Readonly<Record<string, string>>): boolean {
  return (marks[mark("ResourceGroup")] ?? resourceGroupId).toLowerCase() === resourceGroupId.toLowerCase();
}

/** True when the marks say that this run made it, in whatever attempt, stage or job. */
export function madeByRun(run: RunIdentity, marks: Readonly<Record<string, string>>): boolean {
  return ofProject(run, marks) && marks[mark("Run")]?.toLowerCase() === run.runId.toLowerCase();
}

/** True when the marks name this run's organization, project and kind of run. */
function ofProject(run: RunIdentity, marks: Readonly<Record<string, string>>): boolean {
  const own = ownMarks(run);
  const same = owning.every((name) => marks[name]?.toLowerCase() === own[name]?.toLowerCase());
  return same && ofOrganization(run, marks);
}

/** True when the marks are of this stage: a group's tag may have had to shorten its name. */
export const ofStage = (stage: string, marked: string | undefined): boolean =>
  [stage, ...markLengths.map((limit) => shortened(stage, limit))].some((name) => name === marked);

/**
 * The marks of a record: in its user capabilities, and before those are set, in the ones it was registered with. A variable
 * may have been copied to another container, whose agent has a name of its own: there it says nothing.
 */
export function marksOf(record: AgentView): Readonly<Record<string, string>> {
  const shown = marksInVariable(record.systemCapabilities);
  return {
    ...(namedAfterOwner(record.name, shown) ? shown : {}),
    ...record.systemCapabilities,
    ...record.capabilities,
  };
}

/**
 * Id of the job that may be about to make the container group of a record. Once its listener was there, which put its own
 * capabilities in the place of those it was registered with, it had one.
 */
export const makerOfRecord = (record: AgentView): string | undefined => record.systemCapabilities[mark("Job")];

/** Id of the record that the task made for a group, by the group's tags. */
export function recordIdOf(tags: Readonly<Record<string, string>>): number | undefined {
  const id = tags[mark("AgentId")];
  return id !== undefined && /^\d+$/.test(id) ? Number(id) : undefined;
}

/** The stage that the marks name. */
export const stageOf = (marks: Readonly<Record<string, string>>): string | undefined => marks[mark("Stage")];

/** True for the tags of a group whose container registers its agent: the task names the record of any other. */
export const registersItself = (tags: Readonly<Record<string, string>>): boolean => tags[mark("AgentId")] === undefined;

/** ID of the job that created it. */
export const jobOf = (marks: Readonly<Record<string, string>>): string | undefined => marks[mark("Job")];

/** ID of the job whose container may still register itself. */
export const makerOfGroup = (tags: Readonly<Record<string, string>>): string | undefined =>
  registersItself(tags) ? jobOf(tags) : undefined;

/** The run that the marks name; undefined for a placeholder and for anything that is not ours. */
export const runOf = (marks: Readonly<Record<string, string>>): string | undefined => marks[mark("Run")];

/**
 * True when something of this name was made by the run that its name tells. A name alone proves nothing: it may have been
 * taken before this task could use it.
 */
export function namedAfterOwner(name: string, marks: Readonly<Record<string, string>>): boolean {
  const runId = marks[mark("Run")];
  return runId !== undefined && name.includes(`-${runId}-`);
}

const owning = ["Project", "HostType"].map(mark);

/** What the marks of something of ours say, or undefined for anything else: a placeholder, another project's, foreign. */
export interface Owner {
  readonly runId: string;
  readonly stage: string;
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  /** Kept for debugging until then, in milliseconds since the epoch. */
  readonly keepUntil: number | undefined;
  /** Resource id, where the marks name one. */
  readonly resourceGroupId: string | undefined;
}

/** Reads the marks of this organization's and project's agents. */
export function ownerOf(run: RunIdentity, marks: Readonly<Record<string, string>>): Owner | undefined {
  const runId = marks[mark("Run")];
  const expires = Date.parse(marks[mark("Expires")] ?? "");
  if (!ofProject(run, marks) || !runId || Number.isNaN(expires)) return undefined;
  return {
    runId,
    stage: marks[mark("Stage")] ?? "",
    attempt: Number(marks[mark("Attempt")] ?? "1"),
    expires,
    keepUntil: keepUntilOf(marks),
    resourceGroupId: marks[mark("ResourceGroup")],
  };
}

export const keepUntilMark = mark("KeepUntil");

/** When a group that is kept for debugging may go, in milliseconds since the epoch; undefined for any other. */
export function keepUntilOf(tags: Readonly<Record<string, string>>): number | undefined {
  const keepUntil = Date.parse(tags[keepUntilMark] ?? "");
  return Number.isNaN(keepUntil) ? undefined : keepUntil;
}
