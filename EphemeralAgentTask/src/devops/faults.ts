// What azure-devops-node-api throws, as a `ServiceFault`.
import { ServiceFault } from "../ports.ts";
import { retryAfter } from "../retry-after.ts";

interface ApiError extends Error {
  readonly statusCode?: number;
  readonly code?: string;
  readonly result?: { readonly typeKey?: string; readonly message?: string };
  readonly responseHeaders?: Readonly<Record<string, string | undefined>>;
}

export const signInPage = () =>
  new ServiceFault("Azure DevOps", "SignInPage", "the organization answered with its sign-in page instead of data.", {
    kind: "signIn",
    status: 203,
  });

/**
 * @param error anything a call threw
 * @param changes true for a request that makes something: an answer that was lost leaves it open whether it did
 */
export function devOpsFault(error: unknown, changes: boolean): ServiceFault {
  if (error instanceof ServiceFault) return error;
  const api = (error instanceof Error ? error : new Error(String(error))) as ApiError;
  const status = api.statusCode;
  if (status === undefined) {
    return new ServiceFault("Azure DevOps", api.code ?? "network", api.message, {
      retryable: true,
      ambiguous: changes,
    });
  }
  return new ServiceFault("Azure DevOps", api.result?.typeKey ?? `HTTP ${status}`, api.result?.message ?? api.message, {
    status,
    retryable: status >= 500 || status === 429 || status === 408,
    ambiguous: changes && status >= 500,
    ...retryAfter(api.responseHeaders?.["retry-after"]),
  });
}
