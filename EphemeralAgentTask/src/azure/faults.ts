// What the Azure SDKs throw, as a `ServiceFault`.
import { ServiceFault } from "../ports.ts";
import { retryAfter } from "../retry-after.ts";

interface SdkError extends Error {
  readonly code?: string;
  readonly statusCode?: number;
  readonly details?: { readonly error?: { readonly code?: string; readonly message?: string } };
  readonly response?: { readonly headers: { get(name: string): string | undefined } };
  readonly errorResponse?: { readonly error?: string; readonly errorDescription?: string };
}

/** Answers with these codes may change when the request is sent again (facts aci-azure-sdk §3.9). */
const passing = new Set([
  "ContainerGroupTransitioning",
  "ServiceUnavailable",
  "RegistryErrorResponse",
  "ContainerGroupQuotaReached",
  "InternalServerError",
  "AnotherOperationInProgress",
]);

const aadCode = /AADSTS\d+/;

function entraFault(error: SdkError): ServiceFault {
  const said = error.errorResponse?.errorDescription ?? error.message;
  const code = aadCode.exec(said)?.[0] ?? error.errorResponse?.error ?? error.name;
  const status = error.statusCode;
  const passingNow = status !== undefined && (status >= 500 || status === 429);
  return new ServiceFault("Microsoft Entra ID", code, firstLine(said), {
    ...(status === undefined ? {} : { status }),
    retryable: passingNow || /ECONN|ETIMEDOUT|EAI_AGAIN|socket hang up/i.test(said),
  });
}

/** Entra's own words: the library puts some of its own before them, and trace ids and time stamps follow. */
const firstLine = (text: string) =>
  text.slice(Math.max(0, text.search(/AADSTS\d+: /))).split(/\r?\n| Trace ID:/)[0] ?? text;

/**
 * @param error anything an SDK call threw
 * @param changes true for a request that makes something: an answer that was lost leaves it open whether it did
 */
export function azureFault(error: unknown, changes: boolean): ServiceFault {
  if (error instanceof ServiceFault) return error;
  const sdk = (error instanceof Error ? error : new Error(String(error))) as SdkError;
  if (sdk.name !== "RestError") return entraFault(sdk);
  const status = sdk.statusCode;
  if (status === undefined) {
    return new ServiceFault("Azure", sdk.code ?? "network", sdk.message, { retryable: true, ambiguous: changes });
  }
  const code = sdk.details?.error?.code ?? sdk.code ?? `HTTP ${status}`;
  const message = sdk.details?.error?.message ?? sdk.message;
  return new ServiceFault("Azure", code, message, {
    status,
    retryable: status >= 500 || status === 429 || status === 408 || passing.has(code),
    ambiguous: changes && status >= 500,
    ...retryAfter(sdk.response?.headers.get("retry-after")),
  });
}
