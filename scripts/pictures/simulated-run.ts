// A run in the simulator that takes the services' own times, for the pictures: what its steps attached, as the tab reads it.
import { join } from "node:path";
import { stringify } from "yaml";
import { Pace } from "../../simulator/pace/service-pace.ts";
import { startRunIn } from "../../simulator/pipeline-runner/run-in-simulator.ts";
import { folderFiles } from "../../simulator/pipeline-runner/templates/template-files.ts";
import { startSimulator } from "../../simulator/start-simulator.ts";
import { repository } from "../build/bundle.ts";

const taskFolders = { EphemeralAgent: join(repository, "dist/EphemeralAgentTask") };

/** Seconds of each deployment. */
const deployments = { web: 25, api: 40, jobs: 15 };

/** A pipeline as the README has it, with a matrix of three. */
function pipelineOf(imageName: string): string {
  const matrix = Object.fromEntries(Object.entries(deployments).map(([name, seconds]) => [name, { seconds }]));
  const parameters = {
    stage: "production",
    azureSubscription: "azure-private-deployments",
    agentPool: "ephemeral-agents",
    agentCount: Object.keys(deployments).length,
    matrix,
    agent: {
      resourceGroupName: "rg-ephemeral-agents",
      imageName,
      vnetResourceGroupName: "rg-network",
      vnetName: "vnet-shop",
      subnetName: "snet-agents",
    },
    steps: [{ bash: "sleep $(seconds)" }],
  };
  return stringify({ trigger: "none", stages: [{ template: "templates/stage.yml", parameters }] });
}

/**
 * Takes some two minutes, as the services would.
 * @param imageName image that the pipeline names
 * @returns the records that the run's steps attached, in their order
 */
export async function simulatedRecords(imageName: string): Promise<readonly unknown[]> {
  const simulator = await startSimulator({ azure: { pace: new Pace("recorded", 4) }, engine: "process" });
  try {
    const files = { self: folderFiles(repository), path: "azure-pipelines.yml", repository: () => undefined };
    const { run, done } = startRunIn(simulator, { yaml: pipelineOf(imageName), files, taskFolders });
    await done;
    return (
      run.attachments
        .filter(({ type }) => type === "ephemeral-agent")
        // Readers know Azure by its own address.
        .map(({ content }) => content.toString().replaceAll(new URL(simulator.ready.arm).host, "management.azure.com"))
        .map((record) => JSON.parse(record))
    );
  } finally {
    await simulator.stop();
  }
}
