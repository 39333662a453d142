// Azure policies with the effect `deny`: what they refuse, and what they would refuse (Microsoft.PolicyInsights,
// checkPolicyRestrictions, as documented). Initiatives, parameters, exemptions and other effects are not simulated.

import type { SimResponse } from "../../http/https-site.ts";
import { Refused } from "../../http/refused-request.ts";
import { type JsonObject, objectBody, objectOf } from "../json-body.ts";
import type { Gate } from "../request-authorization.ts";
import { isWithin } from "../resources/resource-id.ts";

/** A condition of a rule; a policy denies what meets all of its conditions. */
interface PolicyCondition {
  /** `type`, `location`, or `tags[NAME]`. */
  readonly field: string;
  readonly operator: "Equals" | "NotIn" | "Exists";
  readonly targetValue: string | readonly string[];
}

interface Policy {
  readonly displayName: string;
  /** Resource id of the subscription or of a resource group in it. */
  readonly scope: string;
  readonly conditions: readonly PolicyCondition[];
}

const namespace = "Microsoft.PolicyInsights";
const readAction = `${namespace}/checkPolicyRestrictions/read`;

function fieldOf(resource: JsonObject, field: string): string | undefined {
  const [, tag] = /^tags\[(.*)\]$/.exec(field) ?? [];
  const value = tag === undefined ? resource[field] : objectOf(resource.tags)[tag];
  return typeof value === "string" ? value : undefined;
}

const same = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

function holds({ field, operator, targetValue }: PolicyCondition, resource: JsonObject): boolean {
  const value = fieldOf(resource, field);
  const wanted = [targetValue].flat();
  if (operator === "Exists") return (value !== undefined) === same(wanted[0] ?? "", "true");
  const named = value !== undefined && wanted.some((one) => same(one, value));
  return operator === "Equals" ? named : !named;
}

const expressions = ({ conditions }: Policy, resource: JsonObject) =>
  conditions.map(({ field, operator, targetValue }) => ({
    result: "True",
    expressionKind: "Field",
    expression: field,
    path: field,
    expressionValue: fieldOf(resource, field),
    targetValue,
    operator,
  }));

export class Policies {
  readonly #assigned: Policy[] = [];

  /** Assigns a policy, as its owner would. */
  assign(policy: Policy): void {
    this.#assigned.push(policy);
  }

  /** @throws Refused 403 `RequestDisallowedByPolicy` as Azure Resource Manager words it */
  require(scope: string, name: string, resource: JsonObject): void {
    const denying = this.#denying(scope, resource);
    if (denying.length > 0) throw disallowed(name, denying, resource);
  }

  #denying(scope: string, resource: JsonObject): Policy[] {
    return this.#assigned.filter(
      (policy) => isWithin(scope, policy.scope) && policy.conditions.every((condition) => holds(condition, resource)),
    );
  }

  /** What would be denied at a scope. */
  evaluate(scope: string, resource: JsonObject): SimResponse {
    const policyEvaluations = this.#denying(scope, resource).map((policy) => ({
      policyInfo: { policyDefinitionId: definitionId(policy), policyAssignmentId: assignmentId(policy) },
      evaluationResult: "NonCompliant",
      evaluationDetails: { evaluatedExpressions: expressions(policy, resource) },
    }));
    return { status: 200, body: { fieldRestrictions: [], contentEvaluationResult: { policyEvaluations } } };
  }
}

const nameOf = ({ displayName }: Policy): string => displayName.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
const definitionId = (policy: Policy): string =>
  `/providers/Microsoft.Authorization/policyDefinitions/${nameOf(policy)}`;
const assignmentId = (policy: Policy): string =>
  `${policy.scope}/providers/Microsoft.Authorization/policyAssignments/${nameOf(policy)}`;

function disallowed(name: string, policies: readonly Policy[], resource: JsonObject): Refused {
  const identifiers = policies.map((policy) => ({
    policyAssignment: { name: policy.displayName, id: assignmentId(policy) },
    policyDefinition: { name: policy.displayName, id: definitionId(policy) },
  }));
  const message = `Resource '${name}' was disallowed by policy. Policy identifiers: '${JSON.stringify(identifiers)}'.`;
  const additionalInfo = policies.map((policy) => ({
    type: "PolicyViolation",
    info: {
      policyDefinitionDisplayName: policy.displayName,
      policyDefinitionName: nameOf(policy),
      policyDefinitionEffect: "deny",
      policyAssignmentId: assignmentId(policy),
      policyAssignmentName: nameOf(policy),
      policyAssignmentDisplayName: policy.displayName,
      policyAssignmentScope: policy.scope,
      evaluationDetails: { evaluatedExpressions: expressions(policy, resource) },
    },
  }));
  const error = { code: "RequestDisallowedByPolicy", target: name, message, additionalInfo };
  return new Refused({ status: 403, headers: {}, body: { error } });
}

/** Serves the question what policies would refuse in a resource group. */
export function servePolicies(gate: Gate, policies: Policies): void {
  const scopeOf = (path: string): string => path.split("/providers/", 1)[0] ?? "";
  gate({
    method: "POST",
    template: `/subscriptions/:subscription/resourceGroups/:resourceGroup/providers/${namespace}/checkPolicyRestrictions`,
    namespace,
    right: ({ url }) => ({ action: readAction, scope: scopeOf(url.pathname) }),
    handler: (request) => {
      const { resourceDetails } = objectBody(request);
      return policies.evaluate(scopeOf(request.url.pathname), objectOf(objectOf(resourceDetails).resourceContent));
    },
  });
}
