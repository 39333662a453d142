// What policies refuse. The body is as Azure Resource Manager has it: `additionalInfo` names the rule.
import { policyViolations } from "../../../EphemeralAgentTask/src/azure/errors/policy-violations.ts";
import { ServiceFault } from "../../../EphemeralAgentTask/src/ports.ts";
import type { Fault, Inject } from "../fault.ts";

const scope = "/subscriptions/00000000-0000-0000-0000-000000000001";
const assignmentId = `${scope}/providers/Microsoft.Authorization/policyAssignments/governance`;

const field = (path: string, operator: string, targetValue: unknown, expressionValue?: string) => ({
  result: "True",
  expressionKind: "Field",
  expression: path,
  path,
  ...(expressionValue === undefined ? {} : { expressionValue }),
  targetValue,
  operator,
});

const type = field(
  "type",
  "Equals",
  "Microsoft.ContainerInstance/containerGroups",
  "Microsoft.ContainerInstance/containerGroups",
);

/** An error as the service answers it. */
const policyError = (policy: string, ...evaluatedExpressions: readonly object[]) => ({
  code: "RequestDisallowedByPolicy",
  target: "eph-101-abc123",
  message: `Resource 'eph-101-abc123' was disallowed by policy. Policy identifiers: '[{"policyAssignment":{"name":"Governance","id":"${assignmentId}"},"policyDefinition":{"name":"${policy}","id":"/providers/Microsoft.Authorization/policyDefinitions/1"}}]'.`,
  ...(evaluatedExpressions.length === 0
    ? {}
    : {
        additionalInfo: [
          {
            type: "PolicyViolation",
            info: {
              policyDefinitionDisplayName: policy,
              policyDefinitionName: "1",
              policyDefinitionEffect: "deny",
              policyAssignmentId: assignmentId,
              policyAssignmentName: "governance",
              policyAssignmentDisplayName: "Governance",
              policyAssignmentScope: scope,
              evaluationDetails: { evaluatedExpressions },
            },
          },
        ],
      }),
});

const refused =
  (error: ReturnType<typeof policyError>): Inject =>
  (stage) => {
    stage.deployJob();
    const policies = policyViolations(error);
    stage.refuse("host.create", new ServiceFault("Azure", error.code, error.message, { status: 403, policies }));
  };

export const policyFaults: readonly Fault[] = [
  {
    name: "a tag that a policy requires",
    inject: refused(policyError("Require a tag on resources", type, field("tags[costCenter]", "Exists", "false"))),
    code: "EA212",
    cause:
      /Refused by policy 'Require a tag on resources', assigned as 'Governance' \(\S+\/policyAssignments\/governance\), at scope \/subscriptions\/0{8}-\S+: tags\[costCenter\] Exists false\n {2}Add to the input tags: costCenter=VALUE$/,
  },
  {
    name: "a region that a policy does not allow",
    inject: refused(
      policyError(
        "Allowed locations",
        type,
        field("location", "NotIn", ["northeurope", "swedencentral"], "westeurope"),
      ),
    ),
    code: "EA213",
    cause: /policy 'Allowed locations'.*: location 'westeurope' NotIn northeurope, swedencentral$/,
  },
  {
    name: "a policy about something else",
    inject: refused(policyError("No public images")),
    code: "EA214",
    cause:
      /Refused by policy 'No public images', assigned as 'Governance' \(\S+\), at scope \/subscriptions\/0{8}-\S+$/,
  },
];
