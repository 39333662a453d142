// Parses raw inputs into frozen, valid settings, or into all problems at once.

import { hostTypeOf, kindMark, type RunIdentity } from "../plan/owner-marks.ts";
import { capabilityLength, capabilityNameLength } from "../plan/shorten-owner-marks.ts";
import type { DevOpsConnection } from "../ports/connections.ts";
import { registrationOf } from "./agent-registration.ts";
import { azureConnection } from "./connections/azure-connection.ts";
import { withoutEnd } from "./connections/connection-fields.ts";
import { devOpsConnection } from "./connections/devops-connection.ts";
import { ownOrganization } from "./connections/organization-url.ts";
import { registryAccess } from "./connections/registry-connection.ts";
import { containerSettings } from "./container/container-settings.ts";
import { environmentNotes } from "./container/environment-variables.ts";
import { atEndpointOf, imageReference } from "./image.ts";
import type { Problem } from "./input-problems.ts";
import { type RawTask, Reader } from "./input-reader.ts";
import { placements } from "./placements-and-fallbacks.ts";
import { pricesOf } from "./prices.ts";
import type { CommonSettings, CreateSettings, Settings } from "./settings.ts";
import { standbyPoolOf } from "./standby-pool.ts";
import { groupForm, groupRule } from "./subnet.ts";
import { valuesOf } from "./text/multiline-input.ts";

type Parsed =
  | { readonly settings: Settings; readonly notes: readonly string[] }
  | { readonly problems: readonly Problem[] };

function identity(reader: Reader, devops: DevOpsConnection): RunIdentity {
  const hostType = hostTypeOf(reader.variable("System.HostType"));
  const optional = (name: string) => reader.raw.variable(name) ?? "";
  const collectionId = optional("System.CollectionId");
  return {
    organizationUrl: reader.raw.variable("System.CollectionUri") || ownOrganization(reader.raw).url,
    ...(collectionId ? { collectionId } : {}),
    projectId: reader.variable("System.TeamProjectId"),
    projectName: reader.variable("System.TeamProject"),
    hostType,
    runId: reader.variable(hostType === "release" ? "Release.ReleaseId" : "Build.BuildId"),
    planId: optional("System.PlanId"),
    // A classic release has its own words for the same.
    stage: optional("System.StageName") || optional("Release.EnvironmentName"),
    attempt:
      optional("System.StageAttempt") || optional("Release.AttemptNumber") || optional("System.JobAttempt") || "1",
    jobId: reader.variable("System.JobId"),
    ...(ownOrganization(reader.raw).has(devops.url) ? {} : { elsewhere: true }),
  };
}

const minute = 60_000;
const week = 7 * 24 * 60;

function common(reader: Reader): CommonSettings {
  const prices = pricesOf(reader);
  const group = reader.required("resourceGroupName", "the resource group of the container groups");
  const azure = azureConnection(reader);
  const devops = devOpsConnection(reader);
  return {
    azure,
    devops,
    run: identity(reader, devops),
    resourceGroupName: reader.matching("resourceGroupName", groupForm, groupRule, group) ?? "",
    agentPool: reader.required("agentPool", "the name of an agent pool of the organization"),
    onlineMs: reader.number("timeoutAgentOnline", 600, { min: 0, max: 3600, whole: true, unit: "seconds" }) * 1000,
    idleMs: reader.number("idleTimeoutMinutes", 60, { min: 1, max: week, whole: true, unit: "minutes" }) * minute,
    lifetimeMs: reader.number("lifetimeMinutes", 360, { min: 1, max: week, whole: true, unit: "minutes" }) * minute,
    ...(prices === undefined ? {} : { prices }),
  };
}

function capabilities(reader: Reader): Record<string, string> {
  const pairs = reader.pairs("capabilities", (name) => name.toLowerCase());
  for (const { name = "", value } of pairs) {
    const reserved = name.toLowerCase() === kindMark.toLowerCase() || /^(EphemeralAgent|Agent)\./i.test(name);
    if (reserved)
      reader.wrong(
        "capabilities",
        name,
        `names that begin with 'Agent.' or '${kindMark}.' are set by the agent and this task`,
      );
    else if (!/^[A-Za-z0-9][\w.-]*$/.test(name))
      reader.wrong("capabilities", name, "allowed in a name: letters, digits, '_', '-' and '.'");
    else if (name.length > capabilityNameLength || value.length > capabilityLength)
      reader.wrong(
        "capabilities",
        name,
        `a name has up to ${capabilityNameLength} characters and a value up to ${capabilityLength}; this has ${name.length} and ${value.length}`,
      );
  }
  return valuesOf(pairs);
}

/**
 * Group, container and record share a name of at most 63 characters (facts aci-azure-sdk §3.3). A hyphen at the end, as
 * the predecessor's pipelines have it, is dropped: the name gets one anyway.
 */
function prefix(reader: Reader): string {
  const given = withoutEnd(reader.optional("agentPrefix")?.toLowerCase(), "-");
  reader.matching(
    "agentPrefix",
    /^[a-z]([a-z0-9]|-(?!-)){0,38}[a-z0-9]$|^[a-z]$/,
    "allowed: up to 40 letters, digits and single hyphens, beginning with a letter",
    given,
  );
  return given ?? "eph";
}

function creation(reader: Reader, action: "run" | "create", shared: CommonSettings): CreateSettings {
  const registry = registryAccess(reader, shared.azure);
  const container = containerSettings(reader);
  const image = imageReference(reader, registry);
  return {
    ...shared,
    agentPrefix: prefix(reader),
    agentCount: reader.number("agentCount", 1, { min: 1, max: 50, whole: true }),
    capabilities: capabilities(reader),
    image,
    ...(registry === undefined ? {} : { registry: atEndpointOf(image, registry) }),
    ...registrationOf(reader, container, shared.devops),
    ...standbyPoolOf(reader, shared),
    container,
    placements: placements(reader, shared),
    demandable: action === "run",
    keepOnError: reader.boolean("skipContainerDeletionOnError"),
  };
}

/** Inputs of the predecessor that change nothing here. */
function notes(reader: Reader): string[] {
  const said: string[] = [];
  if (reader.boolean("addSPNToContainer"))
    said.push("addSPNToContainer is ignored: the container never gets a key of Azure.");
  if (reader.boolean("useGlobalConfig")) said.push("useGlobalConfig is ignored: this task does not use the Azure CLI.");
  return said;
}

function chosen(reader: Reader, action: Settings["action"], shared: CommonSettings): Settings {
  switch (action) {
    case "remove":
      return { action, ...shared };
    case "sweep":
      return {
        action,
        ...shared,
        minimumAgeMs:
          reader.number("minimumAgeMinutes", 0, { min: 0, max: week, whole: true, unit: "minutes" }) * minute,
        dryRun: reader.boolean("dryRun"),
      };
    case "check": {
      const addPlaceholder = reader.boolean("addPlaceholder");
      const shape = reader.choice("shape", "template", ["template", "run"]);
      // As `run`, whose jobs need the placeholder.
      const settings = creation(reader, "run", shared);
      return { action, ...settings, besideRun: shape === "run" || addPlaceholder, addPlaceholder };
    }
    default:
      return { action, ...creation(reader, action, shared) };
  }
}

/** @param raw what the agent handed to the task */
export function parse(raw: RawTask): Parsed {
  const reader = new Reader(raw);
  const action = reader.choice("action", "run", ["run", "create", "remove", "sweep", "check"]);
  const shared = common(reader);
  const settings = chosen(reader, action, shared);
  const said = [...notes(reader), ...("container" in settings ? environmentNotes(reader) : [])];
  return reader.problems.length > 0
    ? { problems: reader.problems }
    : { settings: Object.freeze(settings), notes: said };
}
