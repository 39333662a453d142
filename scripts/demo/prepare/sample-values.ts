// The values that a user fills into the samples, as the simulator has them.
import type { Simulator } from "../../../simulator/start-simulator.ts";

/** What a person fills into the samples before the first run, and only the simulator knows here: by the variables' names. */
export function ownValues({ cleanupIdentityId, storageIdentityId, ready }: Simulator): Record<string, string> {
  return { agentPoolPat: ready.pat, cleanupIdentity: cleanupIdentityId(), agentIdentity: storageIdentityId() };
}
