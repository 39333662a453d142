// Turns errors of Microsoft Entra ID and of the metadata service into `ServiceFault`.

import type { AzureIdentity } from "../../ports/connections.ts";
import { ServiceFault } from "../../ports.ts";

const aadCode = /AADSTS\d+/;

/**
 * Entra's own troubles, and those of an issuer that it asked: the same request may succeed a moment later (Microsoft's list of
 * AADSTS codes; Azure/login #456 for 50166).
 */
const passing = new Set(["AADSTS50166", "AADSTS90061", "AADSTS90006", "AADSTS90012", "AADSTS90033", "AADSTS90055"]);

/** Entra's own words: the library puts some of its own before them, and trace ids and time stamps follow. */
const firstLine = (text: string) =>
  text.slice(Math.max(0, text.search(/AADSTS\d+: /))).split(/\r?\n| Trace ID:/)[0] ?? text;

/**
 * A refusal by its AADSTS code instead of OAuth's, which says less.
 * @param identity whom the connection signs in as. For a managed one the metadata service of this machine answers in Entra's
 *   place; while such an identity is being set up, with 404 or 410 (Microsoft's guidance on retries)
 */
export function entraRefusal(fault: ServiceFault, identity: AzureIdentity["kind"]): ServiceFault {
  if (fault.service !== "Microsoft Entra ID" || fault.kind !== "refusal") return fault;
  const code = aadCode.exec(fault.message)?.[0] ?? fault.code;
  const { status, retryable = false } = fault.details;
  const passes = retryable || passing.has(code) || (identity === "managed" && (status === 404 || status === 410));
  return new ServiceFault(fault.service, code, firstLine(fault.message), {
    ...fault.details,
    retryable: passes,
    identity,
  });
}

/** What a library threw before it sent anything: it cannot use what it was given. */
export function entraFault(error: unknown, identity: AzureIdentity["kind"]): ServiceFault {
  if (error instanceof ServiceFault) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return new ServiceFault("Microsoft Entra ID", aadCode.exec(message)?.[0] ?? name, firstLine(message), { identity });
}
