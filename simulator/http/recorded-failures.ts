// Failures that real services were recorded with, to be added by name: `faults.add(recordedFailure("gateway timeout"))`.

import type { SimResponse } from "./https-site.ts";
import type { Fault } from "./request-faults.ts";

const groupPath = /\/containerGroups\/[^/?]+(\?|$)/i;

/** The gateway gives up while the provider works on: the group is made all the same, which is the harder case. */
const gatewayTimeout: SimResponse = {
  status: 504,
  headers: { "x-ms-failure-cause": "service" },
  body: {
    error: {
      code: "GatewayTimeout",
      message:
        "The gateway did not receive a response from 'Microsoft.ContainerInstance' within the specified time period.",
    },
  },
};

const internalError: SimResponse = {
  status: 500,
  headers: { "x-ms-failure-cause": "service" },
  body: {
    error: {
      code: "InternalServerError",
      message: `Encountered an internal server error. The tracking activity id is '${crypto.randomUUID()}', correlation id is '${crypto.randomUUID()}'.`,
    },
  },
};

const page = `<!DOCTYPE html>\r\n<html>\r\n<head><meta content='text/html; charset=utf-8' http-equiv='content-type'/><title>Unavailable</title></head>\r\n<body><h1>Our services are not available right now</h1></body>\r\n</html>\r\n`;

const stopped =
  "TF24668: The following team project collection is stopped: contoso. Start the collection and then try again. Administrator Reason: The organization is being moved.";

const byteOrderMark = "\ufeff";

const failures = {
  /** Azure/azure-cli, 2021-09-24. */
  "gateway timeout": { site: "arm", method: "PUT", path: groupPath, effect: { alter: () => gatewayTimeout } },
  /** Azure/azure-cli, 2023-10-09: a body of several megabytes. */
  "content too large": { site: "arm", method: "PUT", path: groupPath, effect: { status: 413 } },
  /** Azure/azure-libraries-for-java, 2021-03-29: restart of a group that was being repaired. */
  "restart fails": { site: "arm", method: "POST", path: /\/restart(\?|$)/i, effect: internalError },
  /** azure-service-operator: a NAT gateway whose address was still being made. */
  "not provisioned yet": {
    site: "arm",
    method: "PUT",
    path: "/natGateways/",
    effect: {
      status: 429,
      body: {
        error: {
          code: "RetryableError",
          message: "A retryable error occurred.",
          details: [
            {
              code: "ReferencedResourceNotProvisioned",
              message: "Cannot proceed with operation because a resource that it uses is not in Succeeded state.",
            },
          ],
        },
      },
    },
  },
  /** Azure/azure-devops-cli-extension: Azure DevOps in trouble sends a page for people. */
  "page of unavailability": {
    site: "devops",
    effect: { status: 503, headers: { "content-type": "text/html" }, body: page },
  },
  /** Azure/azure-devops-cli-extension: the JSON begins with a byte order mark, and the header repeats the message. */
  "collection stopped": {
    site: "devops",
    effect: {
      status: 503,
      headers: {
        "content-type": "application/json; charset=utf-8",
        "x-tfs-processid": crypto.randomUUID(),
        "x-tfs-serviceerror": encodeURIComponent(stopped),
      },
      body:
        byteOrderMark +
        JSON.stringify({
          $id: "1",
          innerException: null,
          message: stopped,
          typeName:
            "Microsoft.TeamFoundation.Framework.Server.HostShutdownException, Microsoft.TeamFoundation.Framework.Server",
          typeKey: "HostShutdownException",
          errorCode: 0,
          eventId: 3000,
        }),
    },
  },
} as const satisfies Readonly<Record<string, Fault>>;

export type RecordedFailure = keyof typeof failures;

export const recordedFailures = Object.keys(failures) as readonly RecordedFailure[];

/** @param times how many requests it strikes; one when left out */
export function recordedFailure(name: RecordedFailure, times = 1): Fault {
  return { ...failures[name], times };
}
