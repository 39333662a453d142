// The policies that an error of Azure Resource Manager names. `additionalInfo` of type `PolicyViolation` has them now, and
// `innererror.policyInfo` had them (hashicorp/terraform-provider-azurerm #892); the message has names and ids alone.
import type { PolicyViolation } from "../../ports.ts";

interface WireExpression {
  readonly result?: string;
  readonly expression?: string;
  readonly path?: string;
  readonly operator?: string;
  readonly expressionValue?: unknown;
  readonly targetValue?: unknown;
}

interface WireViolation {
  readonly policyDefinitionDisplayName?: string;
  readonly policyDefinitionName?: string;
  readonly policyAssignmentDisplayName?: string;
  readonly policyAssignmentName?: string;
  readonly policyAssignmentId?: string;
  readonly policyAssignmentScope?: string;
  readonly evaluationDetails?: { readonly evaluatedExpressions?: readonly WireExpression[] };
}

interface Named {
  readonly name?: string;
  readonly id?: string;
}

export interface WireError {
  readonly code?: string;
  readonly message?: string;
  readonly additionalInfo?: readonly { readonly type?: string; readonly info?: WireViolation }[];
  readonly innererror?: { readonly policyInfo?: readonly WireViolation[] };
  readonly details?: readonly WireError[];
}

const list = <T>(value: readonly T[] | undefined): readonly T[] => (Array.isArray(value) ? value : []);

const text = (value: unknown): string => (Array.isArray(value) ? value.map(String).join(", ") : String(value ?? ""));

/** Where a policy is assigned. */
const scopeOf = (assignmentId: string | undefined): string =>
  text(assignmentId).split(/\/providers\/Microsoft\.Authorization\//i, 1)[0] ?? "";

/** The type is a field for every request, and says nothing of what would have to change. */
const telling = ({ expression, path }: WireExpression) => text(path ?? expression ?? "type").toLowerCase() !== "type";

function violation(wire: WireViolation): PolicyViolation {
  const expressions = list(wire.evaluationDetails?.evaluatedExpressions).filter(telling);
  return {
    policy: text(wire.policyDefinitionDisplayName ?? wire.policyDefinitionName),
    assignment: text(wire.policyAssignmentDisplayName ?? wire.policyAssignmentName),
    assignmentId: text(wire.policyAssignmentId),
    scope: text(wire.policyAssignmentScope),
    rules: expressions.map(({ path, expression, operator, expressionValue, targetValue }) => ({
      field: text(path ?? expression),
      operator: text(operator),
      ...(expressionValue === undefined ? {} : { value: text(expressionValue) }),
      wanted: text(targetValue),
    })),
  };
}

/** Of `checkPolicyRestrictions`: ids alone, no names for people. */
interface WireEvaluation {
  readonly policyInfo?: { readonly policyDefinitionId?: string; readonly policyAssignmentId?: string };
  readonly evaluationResult?: string;
  readonly evaluationDetails?: WireViolation["evaluationDetails"];
  /** In newer versions only; without it Azure tells of denials alone. */
  readonly effectDetails?: { readonly policyEffect?: string };
}

const nameIn = (id: string | undefined): string => id?.split("/").at(-1) ?? "";

/**
 * The policies that would refuse a resource.
 * @param body answer of `checkPolicyRestrictions` (documentation of Microsoft.PolicyInsights 2022-03-01)
 */
export function policyDenials(body: Readonly<Record<string, unknown>>): PolicyViolation[] {
  const { policyEvaluations } = (body.contentEvaluationResult ?? {}) as {
    readonly policyEvaluations?: readonly WireEvaluation[];
  };
  const denying = list(policyEvaluations).filter(
    ({ evaluationResult, effectDetails }) =>
      evaluationResult?.toLowerCase() === "noncompliant" &&
      (effectDetails?.policyEffect ?? "deny").toLowerCase() === "deny",
  );
  return denying.map(({ policyInfo, evaluationDetails }) =>
    violation({
      policyDefinitionName: nameIn(policyInfo?.policyDefinitionId),
      policyAssignmentName: nameIn(policyInfo?.policyAssignmentId),
      policyAssignmentId: text(policyInfo?.policyAssignmentId),
      policyAssignmentScope: scopeOf(policyInfo?.policyAssignmentId),
      ...(evaluationDetails ? { evaluationDetails } : {}),
    }),
  );
}

/** Of the message: `Policy identifiers: '[{"policyAssignment":{…},"policyDefinition":{…}}]'`. */
function named(message: string): PolicyViolation[] {
  const from = message.indexOf("[{");
  const to = message.lastIndexOf("}]");
  if (from < 0 || to < from) return [];
  try {
    const all = JSON.parse(message.slice(from, to + 2)) as readonly Partial<Record<string, Named>>[];
    return all.map(({ policyAssignment, policyDefinition, policySetDefinition }) => ({
      policy: text(policyDefinition?.name ?? policySetDefinition?.name),
      assignment: text(policyAssignment?.name),
      assignmentId: text(policyAssignment?.id),
      scope: scopeOf(policyAssignment?.id),
      rules: [],
    }));
  } catch {
    return [];
  }
}

function violationsOf(error: WireError): PolicyViolation[] {
  if (error.code?.toLowerCase() !== "requestdisallowedbypolicy") return list(error.details).flatMap(violationsOf);
  const infos = list(error.additionalInfo).flatMap(({ type, info }) =>
    type === "PolicyViolation" && info ? [info] : [],
  );
  const wire = infos.length > 0 ? infos : list(error.innererror?.policyInfo);
  return wire.length > 0 ? wire.map(violation) : named(error.message ?? "");
}

/**
 * The violations of an error, or none.
 * @param error as the service sent it: a body of another shape names none
 */
export function policyViolations(error: WireError): PolicyViolation[] {
  try {
    return violationsOf(error);
  } catch {
    return [];
  }
}
