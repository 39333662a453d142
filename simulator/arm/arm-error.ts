// An error in the format of Azure Resource Manager.
import { Refused } from "../http/refused-request.ts";

/** ARM's way to refuse: `{error: {code, message}}`. To be thrown. */
export function armError(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Refused {
  return new Refused({ status, headers, body: { error: { code, message } } });
}

/** What ARM itself refuses, before a provider is asked: it says so in a header (recorded). To be thrown. */
export function gatewayError(status: number, code: string, message: string): Refused {
  return armError(status, code, message, { "x-ms-failure-cause": "gateway" });
}

/** For what the simulator does not know: it says so by name instead of making up a success. */
export function notSimulated(what: string): Refused {
  return armError(501, "NotImplemented", `The simulator does not know ${what}.`);
}

export function resourceNotFound(type: string, name: string, resourceGroup: string): Refused {
  const message = `The Resource '${type}/${name}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`;
  return gatewayError(404, "ResourceNotFound", message);
}
