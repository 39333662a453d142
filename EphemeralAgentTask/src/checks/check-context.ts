// Sends the requests of the checks. A failed request becomes a finding, and the other checks go on.
import { catalog, TaskError } from "../errors/catalog.ts";
import { codeOf, toTaskError } from "../errors/mapping/error-mapping.ts";
import { ServiceFault } from "../ports.ts";
import type { CheckSettings } from "../settings/settings.ts";
import type { AzureInspection, DevOpsInspection, RegistryInspection } from "./check-ports.ts";
import { type Flaw, type Found, warning, wrong } from "./finding.ts";

export interface Inspections {
  readonly azure: AzureInspection;
  readonly registry: RegistryInspection;
  readonly devops: DevOpsInspection;
}

export interface Look extends Inspections {
  readonly settings: CheckSettings;
  /** Sends a request, again while that may help, and gives its fault instead of throwing it. */
  read<T>(what: string, send: () => Promise<T>): Promise<T | ServiceFault>;
}

export const failed = (answer: unknown): answer is ServiceFault => answer instanceof ServiceFault;

/** A role is missing. Policies, deny assignments and conditional access forbid as well, and are told as what they are. */
export const isForbidden = (fault: ServiceFault) => codeOf(fault) === "EA202";

const missing = new Set(["ResourceNotFound", "ResourceGroupNotFound"]);

/** What was asked for is not there, by the answer's own code: a subscription that is not there answers 404 as well. */
export const isMissing = ({ code }: ServiceFault) => missing.has(code);

/** A read that `run` needs as well failed: so would `run`. */
export function faulty(subject: string, fault: ServiceFault): Flaw {
  const explained = toTaskError(fault);
  if (!(explained instanceof TaskError)) return wrong(subject, { found: fault.code, cause: fault.message, fix: "" });
  const { title, next } = catalog[explained.code];
  return wrong(subject, { found: title, cause: explained.reason, fix: next });
}

/** A read that only this check needs failed: nothing is known of the subject. */
export function unread(subject: string, fault: ServiceFault): Found {
  if (isForbidden(fault)) {
    const found = "the service connection may not read it, and a run does not need to";
    return { level: "not checked", subject, found, unreadable: true };
  }
  if (codeOf(fault) === "EA502") {
    return { level: "not checked", subject, found: "the token may not read it, and a run does not need to" };
  }
  return warning(subject, {
    found: "could not be read",
    cause: `${fault.service}: ${fault.code}: ${fault.message}`,
    fix: "Check again later; everything else here was looked at.",
  });
}
