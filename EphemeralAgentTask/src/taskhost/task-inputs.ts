// Reads inputs, variables and service connections through task-lib.
import * as tl from "azure-pipelines-task-lib/task.js";
import type { RawEndpoint, RawTask } from "../settings/input-reader.ts";
import { holdsSecret } from "../settings/text/secret-text.ts";
import { isTaken, takenInput } from "./startup/mask-inputs.ts";

function endpoint(id: string): RawEndpoint | undefined {
  // task-lib prints what it looks for.
  if (holdsSecret(id)) return undefined;
  const scheme = tl.getEndpointAuthorizationScheme(id, true);
  const url = tl.getEndpointUrl(id, true);
  if (scheme === undefined && url === undefined) return undefined;
  return {
    url,
    scheme,
    parameter: (name) => tl.getEndpointAuthorizationParameter(id, name, true),
    data: (name) => tl.getEndpointDataParameter(id, name, true),
  };
}

export const rawTask: RawTask = {
  input: (name) => (isTaken(name) ? takenInput(name) : tl.getInput(name)),
  variable: (name) => tl.getVariable(name),
  endpoint,
};
