// Names the identity that the organization sees, which needs the rights in the pool.

import type { RunIdentity } from "../../plan/owner-marks.ts";
import type { DevOpsToken } from "../../ports/connections.ts";
import type { Caller } from "../check-ports.ts";
import { type Found, ok } from "../finding.ts";

const kinds: Readonly<Record<DevOpsToken["kind"], string>> = {
  bearer: "the token given",
  personalAccessToken: "the personal access token",
  entra: "the connection to Azure DevOps",
};

/** @param ownToken true when the job's own token is used */
export function judgeCaller(caller: Caller, kind: DevOpsToken["kind"], ownToken: boolean, run: RunIdentity): Found {
  const { name, buildServiceOf } = caller;
  if (!ownToken || buildServiceOf === undefined) {
    return ok("Azure DevOps identity", `${ownToken ? "the job's token" : kinds[kind]} is ${name}`);
  }
  const ofProject = buildServiceOf.toLowerCase() === run.projectId.toLowerCase();
  const scope = ofProject ? "the project" : "the whole collection";
  return ok("Azure DevOps identity", `the job's token is ${name}: job authorization scope is ${scope}`);
}
