// Turns a `ServiceFault` into an entry of the error catalog.
import type { AzureIdentity } from "../../ports/connections.ts";
import { type FaultKind, type GroupEvent, ServiceFault } from "../../ports.ts";
import type { CreateSettings } from "../../settings/settings.ts";
import { type ErrorCode, TaskError } from "../catalog.ts";
import { signOf } from "./container-log-lines.ts";
import {
  delegateCommand,
  grantCommands,
  lockCommand,
  lockedScopes,
  registerCommand,
  subnetsCommand,
} from "./fix-commands.ts";
import { policyCode, policyWords } from "./policy-denial.ts";
import { byCode, byMessageNumber, byWords, missingResource, ofPull } from "./service-error-codes.ts";

/** Errors that may pass while the step retries. They are printed as soon as they are seen all the same. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "EA203",
  "EA204",
  "EA205",
  "EA209",
  "EA226",
  "EA232",
  "EA402",
  "EA504",
  "EA510",
  "EA911",
  "EA912",
  "EA913",
  "EA914",
]);

export const mayPass = (error: unknown): error is TaskError => error instanceof TaskError && passing.has(error.code);

/** Errors on the way to a service, whichever it is. */
const byKind: Readonly<Partial<Record<FaultKind, ErrorCode>>> = {
  silence: "EA911",
  certificate: "EA912",
  proxy: "EA913",
  foreign: "EA914",
};

/** An Entra code names the cause. Without one, the kind of identity does. */
function ofSignIn({ code, details }: ServiceFault): ErrorCode {
  const { status, identity } = details;
  if (status === 429) return "EA205";
  if (status !== undefined && status >= 500) return "EA209";
  return identity === "managed" && !code.startsWith("AADSTS") ? "EA227" : "EA228";
}

function byStatus(fault: ServiceFault): ErrorCode {
  const { status } = fault.details;
  if (fault.service === "Microsoft Entra ID") return ofSignIn(fault);
  if (status === 429) return "EA205";
  if (fault.service === "Azure DevOps") {
    if (status === 401 || fault.kind === "signIn") return "EA501";
    return status === 403 ? "EA502" : "EA504";
  }
  if (status === 401) return "EA229";
  return status !== undefined && status >= 400 && status < 500 ? "EA208" : "EA209";
}

/** Codes that mean what they say only for the way that a connection signs in. */
const ofScheme: Readonly<Partial<Record<ErrorCode, AzureIdentity["kind"]>>> = { EA201: "secret", EA211: "certificate" };

/** What the service's code and message mean; the most specific source decides. */
function byRefusal(fault: ServiceFault): ErrorCode | undefined {
  const { code, message, service, details } = fault;
  if (code === "RetryAfterTooLong") return "EA205";
  if (service === "Azure DevOps") return byMessageNumber(message) ?? byCode[code];
  if (code === "RequestDisallowedByPolicy" || details.policies !== undefined) return policyCode(details.policies ?? []);
  if (code === "ServiceUnavailable" && details.status === 409) return "EA203";
  if (code === "ResourceNotFound") return missingResource(message);
  const known = byWords(message) ?? byCode[code];
  const scheme = known && ofScheme[known];
  return scheme && details.identity && details.identity !== scheme ? undefined : known;
}

/** Commands and names that are printed with the cause, because the next step refers to them. */
function helps(code: ErrorCode, { message, details }: ServiceFault): readonly string[] {
  switch (code) {
    case "EA202":
      return grantCommands(message).map((command) => `Grant it: ${command}`);
    case "EA206":
      return registerCommand(message);
    case "EA301":
      return delegateCommand(details.place?.subnetId);
    case "EA302":
      return subnetsCommand(details.place?.subnetId);
    case "EA502":
      return details.page === undefined ? [] : [`Page: ${details.page}`];
    case "EA218":
      return lockedScopes(message).map((scope) => `See the lock: ${lockCommand(scope)}`);
    case "EA212":
    case "EA213":
    case "EA214":
      return policyWords(details.policies ?? []);
    default:
      return [];
  }
}

/**
 * The entry of the catalog for a failed request.
 * @param fault of any service
 */
export function codeOf(fault: ServiceFault): ErrorCode {
  const refused = fault.kind === "refusal" ? byRefusal(fault) : byCode[fault.code];
  return refused ?? byKind[fault.kind] ?? byStatus(fault);
}

/** The service and the host that the request was sent to. */
export const asked = ({ service, message, details: { host } }: ServiceFault): string =>
  host === undefined || message.includes(host) ? service : `${service} (${host})`;

/** Turns a `ServiceFault` into a `TaskError`. Anything else is returned as it is. */
export function toTaskError(error: unknown): unknown {
  if (!(error instanceof ServiceFault)) return error;
  const code = codeOf(error);
  const status = error.details.status === undefined ? "" : ` (HTTP ${error.details.status})`;
  const more = helps(code, error).map((line) => `\n  ${line}`);
  // Entra's messages begin with their code.
  const words = error.message.startsWith(error.code) ? error.message : `${error.code}: ${error.message}`;
  return new TaskError(code, `${asked(error)}: ${words}${status}${more.join("")}`);
}

/**
 * A refused image means something else where nobody was named to pull it.
 * @param error of making an agent
 */
export function withoutWayIn(error: unknown, { registry }: Pick<CreateSettings, "registry">): unknown {
  if (!(error instanceof TaskError) || registry !== undefined) return error;
  // Azure uses this code for an image that is not there and for one that it may not pull.
  const either = error.code === "EA401" && error.reason.includes("InaccessibleImage");
  return either || error.code === "EA403" ? new TaskError("EA406", error.reason) : error;
}

const said = (list: readonly GroupEvent[]) => list.map((event) => `${event.name}: ${event.message}`).join(" | ");

/** Warnings that still matter: a failed pull before a successful one does not (events survive restarts). */
function openWarnings(events: readonly GroupEvent[]): GroupEvent[] {
  const pulled = events.filter(({ name }) => /^(Pulled|Created|Started)$/i.test(name));
  const overcome = (event: GroupEvent) =>
    /pull/i.test(`${event.name} ${event.message}`) &&
    pulled.some(({ lastTimestamp }) => lastTimestamp > event.lastTimestamp);
  return events.filter((event) => event.type !== "Normal" && !overcome(event));
}

/** The pull that is still in progress, when it is the last event. */
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

/** The error that warnings among the events name, if any. It may pass, because Azure keeps trying. */
export function eventFailure(events: readonly GroupEvent[]): TaskError | undefined {
  const explained = explainEvents(events, "EA603");
  return explained.code === "EA603" ? undefined : explained;
}
