// Leftovers for `npm run demo -- sweep`: of an earlier run that created an agent and never removed it.
import { startRunIn } from "../../../simulator/pipeline-runner/run-in-simulator.ts";
import type { LeftBehind, Simulator } from "../../../simulator/start-simulator.ts";

/** As the samples are, without the job that removes the agent. */
const forgetful = ({ ready }: Simulator): string => `
steps:
- checkout: none
- task: EphemeralAgent@1
  inputs:
    action: create
    timeoutAgentOnline: 0
    azureSubscription: azure-private-deployments
    resourceGroupName: ${ready.resourceGroup}
    agentPool: ${ready.pool}
    imageName: contoso.azurecr.io/azure-pipelines-agent:latest
    vnetResourceGroupName: rg-network
    vnetName: vnet-shop
    subnetName: snet-agents
`;

/**
 * Runs such a pipeline to its end.
 * @returns what it left behind
 * @throws when it failed, or left nothing
 */
export async function plantLeftovers(
  simulator: Simulator,
  taskFolders: Readonly<Record<string, string>>,
): Promise<LeftBehind> {
  const definition = { id: 2, name: "an earlier pipeline" };
  const report = await startRunIn(simulator, { yaml: forgetful(simulator), taskFolders, definition }).done;
  const left = simulator.leftBehind();
  if (report.result === "succeeded" && left.agents.length > 0 && left.containerGroups.length > 0) return left;
  const said = Object.values(report.jobs).flatMap(({ log }) => log);
  throw new Error(`The earlier run left nothing behind:\n${said.join("\n")}`);
}
