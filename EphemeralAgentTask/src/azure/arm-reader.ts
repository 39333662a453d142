// Plain reads of Azure Resource Manager: every one is a GET.
import { ServiceFault } from "../ports.ts";
import { retryAfter } from "../retry-after.ts";
import type { AzureConnection } from "../settings.ts";
import type { Transport } from "../transport.ts";
import { credentialOf } from "./credential.ts";
import { azureFault } from "./faults.ts";
import { type PlainAnswer, send } from "./http.ts";

/** Every method throws `ServiceFault`. */
export interface ArmReader {
  /** An access token for Azure Resource Manager. */
  token(): Promise<string>;
  /** @param path of the resource, which must be there */
  read(path: string, apiVersion: string): Promise<PlainAnswer>;
  /** All pages of a list. */
  list<T>(path: string, apiVersion: string): Promise<T[]>;
}

function refusal(answer: PlainAnswer, url: string): ServiceFault {
  const { code, message } = (answer.json().error ?? {}) as { readonly code?: string; readonly message?: string };
  return new ServiceFault(
    "Azure",
    code ?? `HTTP ${answer.status}`,
    message ?? `no answer to ${new URL(url).pathname}`,
    {
      status: answer.status,
      retryable: answer.status >= 500 || answer.status === 429,
      ...retryAfter(answer.headers["retry-after"]),
    },
  );
}

export function armReader(azure: AzureConnection, transport: Transport): ArmReader {
  const credential = credentialOf(azure, transport);

  async function token(): Promise<string> {
    const access = await credential
      .getToken(`${azure.audience.replace(/\/+$/, "")}/.default`)
      .catch((error: unknown) => {
        throw azureFault(error, false);
      });
    if (access !== null) return access.token;
    throw new ServiceFault("Microsoft Entra ID", "no token", `no token came for ${azure.audience}.`);
  }

  async function get(url: string): Promise<PlainAnswer> {
    const headers = { authorization: `Bearer ${await token()}` };
    const answer = await send({ url, method: "GET", headers }, transport).catch((error: unknown) => {
      throw azureFault(error, false);
    });
    if (answer.status !== 200) throw refusal(answer, url);
    return answer;
  }

  const read = (path: string, apiVersion: string) => get(`${azure.armUrl}${path}?api-version=${apiVersion}`);

  return {
    token,
    read,
    async list<T>(path: string, apiVersion: string) {
      const all: T[] = [];
      for (let answer = await read(path, apiVersion); ; ) {
        const { value, nextLink } = answer.json() as { readonly value?: readonly T[]; readonly nextLink?: string };
        all.push(...(value ?? []));
        // The token goes to Azure Resource Manager only, whatever the next page's address says.
        if (!nextLink || new URL(nextLink).origin !== new URL(azure.armUrl).origin) return all;
        answer = await get(nextLink);
      }
    },
  };
}
