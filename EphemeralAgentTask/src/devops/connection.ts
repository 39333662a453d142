import { BearerCredentialHandler } from "azure-devops-node-api/handlers/bearertoken.js";
import { PersonalAccessTokenCredentialHandler } from "azure-devops-node-api/handlers/personalaccesstoken.js";
import type { IRequestHandler, IRequestOptions } from "azure-devops-node-api/interfaces/common/VsoBaseInterfaces.js";
import type { DevOpsConnection } from "../settings.ts";

/** One place retries: lifecycle/retry.ts. An answer that takes longer than this counts as lost. */
export const requestOptions: IRequestOptions = { allowRetries: false, socketTimeout: 45_000 };

/** How the organization is asked; never on to another host by a redirect. */
export function credentialHandlers(devops: DevOpsConnection): IRequestHandler[] {
  return devops.kind === "jobToken"
    ? [new BearerCredentialHandler(devops.token)]
    : [new PersonalAccessTokenCredentialHandler(devops.token)];
}
