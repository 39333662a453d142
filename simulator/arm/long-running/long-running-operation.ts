// Operations that go on after their request was answered, each provider's in its own place (recorded 2021 to 2025). Their
// addresses are given to whoever started them, so following them takes no right but a token.
import { randomUUID } from "node:crypto";
import type { SimResponse } from "../../http/https-site.ts";
import { armError } from "../arm-error.ts";
import type { ArmRequest, Gate } from "../request-authorization.ts";
import { parseResourceId } from "../resources/resource-id.ts";

/** Whose way to tell of operations. */
export type OperationStyle = "network" | "dns" | "registry" | "storage";

interface Operation {
  readonly style: OperationStyle;
  /** What it ends with where its provider answers with the result. */
  readonly result: () => SimResponse;
  /** How often it was looked at: it goes on until somebody has looked once. */
  looks: number;
}

export class LongRunning {
  readonly #operations = new Map<string, Operation>();
  readonly #subscriptionId: string;
  #dnsRequestsLeft = 11_999;

  constructor(gate: Gate, subscriptionId: string) {
    this.#subscriptionId = subscriptionId;
    const route = (template: string, handler: (operation: Operation, request: ArmRequest) => SimResponse): void =>
      gate({
        method: "GET",
        template: `/subscriptions/:subscription/${template}/:operation`,
        handler: (request) => handler(this.#require(request), request),
      });
    const inGroup = "resourceGroups/:resourceGroup/providers";
    const registry = `${inGroup}/Microsoft.ContainerRegistry/registries/:registry`;
    for (const statuses of [
      "providers/Microsoft.Network/locations/:location/operations",
      `${inGroup}/Microsoft.Network/privateDnsOperationStatuses`,
      `${registry}/operationStatuses`,
    ]) {
      route(statuses, (operation) => ({
        status: 200,
        body: { status: isOver(operation) ? "Succeeded" : "InProgress" },
      }));
    }
    for (const results of [
      "providers/Microsoft.Network/locations/:location/operationResults",
      `${inGroup}/Microsoft.Network/privateDnsOperationResults`,
      "providers/Microsoft.Storage/locations/:location/asyncoperations",
    ]) {
      route(results, (operation, { url }) =>
        isOver(operation) ? operation.result() : { status: 202, headers: { location: url.href, "retry-after": "1" } },
      );
    }
  }

  /**
   * @param id of the resource that is changed
   * @returns the headers of the answer that starts it
   */
  start(
    style: OperationStyle,
    { url, method }: ArmRequest,
    { id, location = "westeurope" }: { readonly id: string; readonly location?: string },
    result: () => SimResponse = () => ({ status: 204 }),
  ): Record<string, string> {
    const operation = style === "registry" ? `registries-${randomUUID()}` : randomUUID();
    this.#operations.set(operation, { style, result, looks: 0 });
    const version = url.searchParams.get("api-version") ?? "";
    const at = (path: string): string => `${url.origin}/subscriptions/${this.#subscriptionId}/${path}`;
    const query = `${operation}?api-version=${version}`;
    const again = { "retry-after": "1" };
    const inGroup = `resourceGroups/${parseResourceId(id)?.resourceGroup}/providers/Microsoft.Network`;
    switch (style) {
      case "network": {
        const base = `providers/Microsoft.Network/locations/${location}`;
        const headers = {
          "azure-asyncnotification": "Enabled",
          "azure-asyncoperation": at(`${base}/operations/${query}`),
          ...again,
        };
        return method === "DELETE" ? { ...headers, location: at(`${base}/operationResults/${query}`) } : headers;
      }
      case "dns":
        return {
          "azure-asyncoperation": at(`${inGroup}/privateDnsOperationStatuses/${query}`),
          location: at(`${inGroup}/privateDnsOperationResults/${query}`),
          ...this.dnsBudget(),
          ...again,
        };
      case "registry":
        return { "azure-asyncoperation": `${url.origin}${id}/operationStatuses/${query}` };
      case "storage": {
        const base = `providers/Microsoft.Storage/locations/${location}/asyncoperations`;
        return { location: at(`${base}/${operation}?monitor=true&api-version=${version}`), ...again };
      }
    }
  }

  /** Private DNS counts its requests by itself. */
  dnsBudget(): Record<string, string> {
    this.#dnsRequestsLeft -= 1;
    return { "x-ms-ratelimit-remaining-subscription-resource-requests": String(this.#dnsRequestsLeft) };
  }

  #require(request: ArmRequest): Operation {
    const operation = this.#operations.get(request.param("operation"));
    if (operation !== undefined) return operation;
    throw armError(404, "ResourceNotFound", "The operation was not found.");
  }
}

function isOver(operation: Operation): boolean {
  operation.looks += 1;
  return operation.looks > 1;
}
