import { type ErrorCode, TaskError } from "../errors.ts";
import { type FaultKind, type GroupEvent, ServiceFault } from "../ports.ts";
import { signOf } from "./diagnosis/last-words.ts";
import { byCode, byWords, ofPull } from "./diagnosis/service-words.ts";

/** Troubles that may pass while the step tries again. They are told as soon as they are seen all the same. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "EA203",
  "EA204",
  "EA205",
  "EA402",
  "EA911",
  "EA912",
  "EA913",
  "EA914",
]);

export const mayPass = (error: unknown): error is TaskError => error instanceof TaskError && passing.has(error.code);

/** Troubles of the way to a service, whichever it is. */
const byKind: Readonly<Partial<Record<FaultKind, ErrorCode>>> = {
  silence: "EA911",
  certificate: "EA912",
  proxy: "EA913",
  foreign: "EA914",
};

function byStatus(fault: ServiceFault): ErrorCode {
  const { status } = fault.details;
  if (status === 429) return "EA205";
  if (fault.service === "Microsoft Entra ID") return "EA201";
  if (fault.service === "Azure DevOps") {
    if (status === 401 || fault.kind === "signIn") return "EA501";
    return status === 403 ? "EA502" : "EA504";
  }
  if (status === 401) return "EA201";
  if (status === 403) return "EA202";
  return status !== undefined && status >= 400 && status < 500 ? "EA208" : "EA209";
}

/** The shipped role with each provider's actions, and where the README says to assign it. */
const shippedRoles: Readonly<Record<string, readonly [role: string, scope: RegExp]>> = {
  "microsoft.containerinstance": [
    "Ephemeral Agents Container Groups",
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i,
  ],
  "microsoft.resources": ["Ephemeral Agents Container Groups", /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i],
  "microsoft.network": ["Ephemeral Agents Network", /^.+?\/virtualNetworks\/[^/]+/i],
  "microsoft.managedidentity": ["Managed Identity Operator", /^.+?\/userAssignedIdentities\/[^/]+/i],
};

/**
 * The command that grants an action by the shipped role that has it, where that role belongs.
 * @param principal object id of who needs it
 * @param scope at which the action is missing
 */
export function grantCommand(principal: string, action: string, scope: string): string {
  const [role, place] = shippedRoles[action.split("/")[0]?.toLowerCase() ?? ""] ?? [`<a role with ${action}>`, /^.+/];
  return `az role assignment create --assignee-object-id ${principal} --assignee-principal-type ServicePrincipal --role "${role}" --scope ${place.exec(scope)?.[0] ?? scope}`;
}

/**
 * The commands that grant what Azure says is missing, one for each action and scope it names; empty when it names none.
 * @param message of `AuthorizationFailed` or `LinkedAuthorizationFailed` (facts aci-azure-sdk §3.9)
 */
export function grantCommands(message: string): string[] {
  const principal = /object id '([^']+)'/.exec(message)?.[1] ?? "OBJECT_ID";
  const missing = message.split("does not have").at(-1) ?? "";
  const actions = /action(?:\(s\))? '([^']+)'/.exec(missing)?.[1]?.split(",") ?? [];
  const scopes = /scope(?:\(s\))? '([^']+)'/.exec(missing)?.[1]?.split(",") ?? [];
  const commands = actions.map((action, index) =>
    grantCommand(principal, action, scopes[index] ?? scopes[0] ?? "SCOPE"),
  );
  return [...new Set(commands)];
}

/** What a failed request means to the user. Anything that is not a `ServiceFault` is returned as it is. */
export function explainFault(error: unknown): unknown {
  if (!(error instanceof ServiceFault)) return error;
  const telling = error.service === "Azure" && error.kind === "refusal" ? byWords(error.message) : undefined;
  const code = telling ?? byCode[error.code] ?? byKind[error.kind] ?? byStatus(error);
  const status = error.details.status === undefined ? "" : ` (HTTP ${error.details.status})`;
  const grants = code === "EA202" ? grantCommands(error.message).map((command) => `\n  Grant it: ${command}`) : [];
  // Entra's messages begin with their code.
  const words = error.message.startsWith(error.code) ? error.message : `${error.code}: ${error.message}`;
  const host = error.details.host === undefined ? "" : ` (${error.details.host})`;
  return new TaskError(code, `${error.service}${host}: ${words}${status}${grants.join("")}`);
}

const said = (list: readonly GroupEvent[]) => list.map((event) => `${event.name}: ${event.message}`).join(" | ");

/** Warnings that were not overcome: a pull that failed before one that succeeded is over (events stay over restarts). */
function openWarnings(events: readonly GroupEvent[]): GroupEvent[] {
  const pulled = events.filter(({ name }) => /^(Pulled|Created|Started)$/i.test(name));
  const overcome = (event: GroupEvent) =>
    /pull/i.test(`${event.name} ${event.message}`) &&
    pulled.some(({ lastTimestamp }) => lastTimestamp > event.lastTimestamp);
  return events.filter((event) => event.type !== "Normal" && !overcome(event));
}

/** The pull that is still going on, when that is the last that happened. */
export function pullInProgress(events: readonly GroupEvent[]): GroupEvent | undefined {
  const over = events.some((event) => event.type !== "Normal" || /^(Pulled|Created|Started)$/i.test(event.name));
  return over ? undefined : events.findLast((event) => event.name === "Pulling");
}

/**
 * What a container group that could not start means: only its events say (facts aci-azure-sdk §0.1).
 * @param otherwise the code when the events name no cause
 * @param found what was seen besides
 */
export function explainEvents(events: readonly GroupEvent[], otherwise: ErrorCode, found = ""): TaskError {
  const warnings = openWarnings(events);
  const capacity = warnings.filter((event) => event.name.startsWith("InsufficientCapacity"));
  if (capacity.length > 0) return new TaskError("EA203", said(capacity));
  const pull = warnings.filter((event) => /pull/i.test(`${event.name} ${event.message}`));
  if (pull.length > 0) return new TaskError(ofPull(said(pull)), said(pull));
  const telling = warnings.map(({ message }) => byWords(message) ?? signOf(message)).find(Boolean);
  const told = warnings.length > 0 ? said(warnings) : "Azure shows no warning events.";
  return new TaskError(telling ?? otherwise, found === "" ? told : `${found}. ${told}`);
}

/** The trouble that warnings among the events name, if they name one. It may pass: Azure goes on trying. */
export function eventTrouble(events: readonly GroupEvent[]): TaskError | undefined {
  const explained = explainEvents(events, "EA603");
  return explained.code === "EA603" ? undefined : explained;
}
