// Runs a pipeline file in a simulator.
import type { Simulator } from "../start-simulator.ts";
import { type PipelineRun, type RunOptions, startRun } from "./run-pipeline.ts";
import { projectConnections } from "./service-connections/project-connections.ts";

/**
 * Starts a run in a simulator's project: with its service connections, on Microsoft-hosted machines that trust its
 * certificates and are in none of its networks.
 * @throws PipelineRefused as `startRun` does.
 */
export function startRunIn(
  simulator: Simulator,
  options: Omit<RunOptions, "organization" | "serviceConnections"> & Partial<Pick<RunOptions, "serviceConnections">>,
): PipelineRun {
  return startRun({
    organization: simulator.organization,
    serviceConnections: projectConnections(simulator),
    ...options,
    environment: { NODE_EXTRA_CA_CERTS: simulator.caFile, ...simulator.outside.environment, ...options.environment },
  });
}
