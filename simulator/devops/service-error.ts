// An error in the format of Azure DevOps.
import { Refused } from "../http/refused-request.ts";

/** An error in the shape every Azure DevOps API answers with; clients tell errors apart by `typeKey`. */
export class ServiceError extends Refused {
  /** @param assembly that the exception is of, as `typeName` shows it. */
  constructor(
    status: number,
    typeKey: string,
    message: string,
    assembly = "Microsoft.TeamFoundation.DistributedTask.WebApi",
  ) {
    const typeName = `${assembly}.${typeKey}, ${assembly}`;
    super({
      status,
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

export const projectNotFound = (name: string): ServiceError =>
  new ServiceError(
    404,
    "ProjectDoesNotExistWithNameException",
    `TF200016: The following project does not exist: ${name}. Verify that the name of the project is correct and that the project exists on the specified Azure DevOps Server.`,
    "Microsoft.TeamFoundation.Core.WebApi",
  );

export const invalidArgument = (message: string): ServiceError => new ServiceError(400, "ArgumentException", message);
