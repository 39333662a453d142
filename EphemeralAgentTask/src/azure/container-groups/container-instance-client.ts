// The client of Azure Container Instances, over the SDK.
import { ContainerInstanceManagementClient } from "@azure/arm-containerinstance";
import { bearerTokenAuthenticationPolicyName, type PipelinePolicy } from "@azure/core-rest-pipeline";
import { expect, shapes } from "../../http/answer-validation.ts";
import { once, sdkClient } from "../../http/azure-sdk-http-client.ts";
import type { Asked } from "../../http/connection-errors.ts";
import type { Answer } from "../../http/send-request.ts";
import type { Transport } from "../../http/transport.ts";
import type { AzureConnection } from "../../ports/connections.ts";
import { armRefusal } from "../errors/arm-errors.ts";
import { credentialOf } from "../sign-in/credential.ts";

/**
 * The SDK follows a create by the operation's own address, whose failures carry no reason and which needs a right of its
 * own (facts aci-azure-sdk §0.1). Without these headers it looks at the group once and is done.
 */
const followNoOperation: PipelinePolicy = {
  name: "followNoOperation",
  async sendRequest(request, next) {
    const response = await next(request);
    for (const header of ["azure-asyncoperation", "operation-location", "location"]) response.headers.delete(header);
    return response;
  },
};

export const isGroup = (value: unknown): value is { readonly id: string; readonly name: string } =>
  shapes.record(value) &&
  typeof value.id === "string" &&
  typeof value.name === "string" &&
  shapes.record(value.properties) &&
  Array.isArray(value.properties.containers);

const isGroups = (value: unknown): value is { readonly value: readonly unknown[] } =>
  shapes.list(value) && value.value.every((one) => typeof one.id === "string" && typeof one.name === "string");

const isLog = (value: unknown): value is object =>
  shapes.record(value) && (value.content === undefined || value.content === null || typeof value.content === "string");

/** The SDK makes an empty list, or a group without a name, of JSON that is something else. */
function check(asked: Asked, { status }: Answer, json: unknown): void {
  const { pathname } = new URL(asked.url);
  if (asked.method === "GET" && /\/containerGroups\/?$/i.test(pathname)) {
    expect(asked, status, json, "a list of container groups", isGroups);
  } else if (/\/logs$/i.test(pathname)) expect(asked, status, json, "a log", isLog);
  else if (/\/containerGroups\/[^/]+$/i.test(pathname) && !(asked.method === "DELETE" && status !== 200)) {
    expect(asked, status, json, "a container group", isGroup);
  }
}

/** The SDK authorizes nothing itself: its own memory of tokens hides failures. */
const noCredential = { getToken: async () => null };

/** @param productVersion of this extension, for the user agent */
export function armClient(azure: AzureConnection, transport: Transport, productVersion: string) {
  const credential = credentialOf(azure, transport);
  const authorize: PipelinePolicy = {
    name: "authorize",
    async sendRequest(request, next) {
      const signal = request.abortSignal instanceof AbortSignal ? request.abortSignal : undefined;
      const send = (authorization: string) => {
        request.headers.set("authorization", authorization);
        return next(request);
      };
      return credential.authorized(azure.audience, send, signal);
    },
  };
  const way = {
    service: "Azure",
    refusal: armRefusal,
    changes: (method: string) => method !== "GET",
    origin: new URL(azure.armUrl).origin,
    check,
  } as const;
  const client = new ContainerInstanceManagementClient(noCredential, azure.subscriptionId, {
    ...once,
    endpoint: azure.armUrl,
    $host: azure.armUrl,
    httpClient: sdkClient(way, transport),
    userAgentOptions: { userAgentPrefix: `EphemeralAgent/${productVersion}` },
  });
  client.pipeline.removePolicy({ name: bearerTokenAuthenticationPolicyName });
  client.pipeline.addPolicy(authorize, { phase: "Sign" });
  client.pipeline.addPolicy(followNoOperation);
  return client;
}
