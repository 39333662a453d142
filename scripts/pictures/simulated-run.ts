// A run in the simulator that takes the services' own times, for the pictures: what its steps attached, as the tab reads it.
import { join } from "node:path";
import { stringify } from "yaml";
import { startRunIn } from "../../simulator/runner/in-simulator.ts";
import { folderFiles } from "../../simulator/runner/templates/files.ts";
import { Pace } from "../../simulator/pace/pace.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import { repository } from "../bundle.ts";

const taskFolders = { EphemeralAgent: join(repository, "dist/EphemeralAgentTask") };

/** Seconds of each deployment. */
const deployments = { web: 25, api: 40, jobs: 15 };

/** A pipeline as the README has it, with a matrix of three. */
function pipelineOf({ ready }: Simulator, image: string): string {
  const matrix = Object.fromEntries(Object.entries(deployments).map(([name, seconds]) => [name, { seconds }]));
  const agent = { resourceGroupName: ready.resourceGroup, imageName: image, subnetId: ready.subnetId };
  const parameters = {
    azureSubscription: "azure-private-deployments",
    agentPool: ready.pool,
    agentCount: Object.keys(deployments).length,
    matrix,
    agent,
    steps: [{ bash: "sleep $(seconds)" }],
  };
  return stringify({ trigger: "none", jobs: [{ template: "templates/deploy.yml", parameters }] });
}

/**
 * @param imageOf the image that the pipeline names
 * @returns the records that the run's steps attached, in their order
 */
export async function simulatedRecords(imageOf: (simulator: Simulator) => string): Promise<readonly unknown[]> {
  const simulator = await startSimulator({ azure: { pace: new Pace("recorded", 4) }, engine: "process" });
  try {
    const files = { self: folderFiles(repository), path: "azure-pipelines.yml", repository: () => undefined };
    const yaml = pipelineOf(simulator, imageOf(simulator));
    const { run, done } = startRunIn(simulator, { yaml, files, taskFolders });
    await done;
    return run.attachments
      .filter(({ type }) => type === "ephemeral-agent")
      .map(({ content }) => JSON.parse(content.toString()));
  } finally {
    await simulator.stop();
  }
}
