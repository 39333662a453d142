// Turns error answers of Azure Resource Manager into `ServiceFault`.
import { isRecord, type Refusal, refusalOf } from "../../http/answer-validation.ts";
import { ServiceFault } from "../../ports.ts";
import { policyViolations, type WireError } from "./policy-violations.ts";

/** `{"error":{"code","message"}}` (facts aci-azure-sdk §3.9), with the policies that refused the request. */
export const armRefusal: Refusal = ({ error }) => {
  const told = isRecord(error) ? refusalOf(error.code, error.message) : undefined;
  const policies = told ? policyViolations(error as WireError) : [];
  return told && policies.length > 0 ? { ...told, details: { policies } } : told;
};

/** Answers with these codes may change when the request is sent again (facts aci-azure-sdk §3.9). */
const passing = new Set([
  "ContainerGroupTransitioning",
  "ServiceUnavailable",
  "RegistryErrorResponse",
  "ContainerGroupQuotaReached",
  "InternalServerError",
  "AnotherOperationInProgress",
]);

/** What Azure says of a container group, or of the resource group that it would be in, that is not there (recorded). */
const missing = new Set(["ResourceNotFound", "ContainerGroupNotFound", "ResourceGroupNotFound"]);

/** @param error anything a request threw */
export function azureRefusal(error: unknown): ServiceFault {
  if (!(error instanceof ServiceFault)) {
    const said = error instanceof Error ? error.message : String(error);
    return new ServiceFault("Azure", "NotUnderstood", said, { kind: "foreign", retryable: true, ambiguous: true });
  }
  if (error.kind !== "refusal" || error.details.retryable || !passing.has(error.code)) return error;
  return new ServiceFault(error.service, error.code, error.message, { ...error.details, retryable: true });
}

/** Whether Azure itself says that there is no log: of a group or a container that is not there, or that never ran. */
export const saysNoLog = (fault: ServiceFault): boolean => fault.kind === "refusal" && fault.details.status === 404;

/** Whether Azure itself says that a container group is not there. A page with status 404 does not. */
export const saysMissing = (fault: ServiceFault): boolean =>
  fault.kind === "refusal" && fault.details.status === 404 && missing.has(fault.code);
