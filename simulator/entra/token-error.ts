// An error in the format of the Entra token endpoint.
import { randomUUID } from "node:crypto";
import type { SimResponse } from "../http/https-site.ts";

/** An error of the token endpoint: the OAuth error, the number behind `AADSTS`, and the service's words. */
export interface TokenRefusal {
  readonly status: 400 | 401;
  readonly error: string;
  readonly number: number;
  readonly message: string;
}

/** Gives a refusal the body that the service sends, which is what MSAL and people read. */
export function refusal({ status, error, number, message }: TokenRefusal, origin: string): SimResponse {
  const [traceId, correlationId] = [randomUUID(), randomUUID()];
  const timestamp = `${new Date().toISOString().slice(0, 19).replace("T", " ")}Z`;
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${number}: ${message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
      error_codes: [number],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `${origin}/error?code=${number}`,
    },
  };
}

export function missingParameter(name: string): TokenRefusal {
  const message = `The request body must contain the following parameter: '${name}'.`;
  return { status: 400, error: "invalid_request", number: 900144, message };
}

export function unknownTenant(tenant: string): TokenRefusal {
  return {
    status: 400,
    error: "invalid_request",
    number: 90002,
    message: `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  };
}

export function unknownApplication(appId: string, directoryName: string): TokenRefusal {
  return {
    status: 400,
    error: "unauthorized_client",
    number: 700016,
    message: `Application with identifier '${appId}' was not found in the directory '${directoryName}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  };
}

export function wrongSecret(appId: string): TokenRefusal {
  return {
    status: 401,
    error: "invalid_client",
    number: 7000215,
    message: `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${appId}'.`,
  };
}

export function expiredSecret(appId: string): TokenRefusal {
  return {
    status: 401,
    error: "invalid_client",
    number: 7000222,
    message: `The provided client secret keys for app '${appId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
  };
}

export const noClientProof: TokenRefusal = {
  status: 401,
  error: "invalid_client",
  number: 7000216,
  message: "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
};

export function unsupportedGrant(grantType: string): TokenRefusal {
  return {
    status: 400,
    error: "unsupported_grant_type",
    number: 70003,
    message: `The app requested an unsupported grant type '${grantType}'.`,
  };
}

export function scopeWithoutDefault(scope: string): TokenRefusal {
  return {
    status: 400,
    error: "invalid_scope",
    number: 1002012,
    message: `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  };
}

export function unknownResource(resource: string, directoryName: string): TokenRefusal {
  return {
    status: 400,
    error: "invalid_resource",
    number: 500011,
    message: `The resource principal named ${resource} was not found in the tenant named ${directoryName}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  };
}
