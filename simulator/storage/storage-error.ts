// An error in the format of Azure Storage.
import { randomUUID } from "node:crypto";
import type { SimResponse } from "../http/https-site.ts";

/** An error of the Blob service: XML, and its code in a header too (Azure documentation, "Status and error codes"). */
export function storageError(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): SimResponse {
  const requestId = randomUUID();
  const text = `${message}\nRequestId:${requestId}\nTime:${new Date().toISOString()}`;
  return {
    status,
    headers: {
      "content-type": "application/xml",
      "x-ms-error-code": code,
      "x-ms-request-id": requestId,
      ...headers,
    },
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${text}</Message></Error>`,
  };
}
