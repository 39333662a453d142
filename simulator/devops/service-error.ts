import { Refused } from "../http/refused.ts";

/** An error in the shape every Azure DevOps API answers with; clients tell errors apart by `typeKey`. */
export class ServiceError extends Refused {
  constructor(status: number, typeKey: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    const typeName = `Microsoft.TeamFoundation.DistributedTask.WebApi.${typeKey}, Microsoft.TeamFoundation.DistributedTask.WebApi`;
    super({
      status,
      headers,
      body: { $id: "1", innerException: null, message, typeName, typeKey, errorCode: 0, eventId: 3000 },
    });
    this.message = `${typeKey}: ${message}`;
  }
}

export const poolNotFound = (poolId: string): ServiceError =>
  new ServiceError(404, "TaskAgentPoolNotFoundException", `No agent pool found with identifier ${poolId}.`);

export const agentNotFound = (agentId: string | number): ServiceError =>
  new ServiceError(404, "TaskAgentNotFoundException", `No agent found with identifier ${agentId}.`);

export const accessDenied = (who: string, permission: string): ServiceError =>
  new ServiceError(
    403,
    "AccessDeniedException",
    `Access denied. ${who} needs ${permission} permissions to perform the action. For more information, contact the Azure DevOps administrator.`,
  );

export const invalidArgument = (message: string): ServiceError => new ServiceError(400, "ArgumentException", message);
