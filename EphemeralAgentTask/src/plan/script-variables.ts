// Variables of the container that `agent-image/entrypoint.sh` takes or sets itself: a job never sees a value that the user
// gave them. All others reach the job. The script has the same lists; a test compares them.

/** Names, or with a star at the end the beginnings of names, that the job does not get. The agent itself takes the second kind. */
export const scriptVariables: readonly string[] = ["EPHEMERAL_*", "VSTS_AGENT_INPUT_*"];

/** What the job does not get besides where the container registers its agent itself. */
export const registrationVariables: readonly string[] = [
  "AZP_URL",
  "AZP_POOL",
  "AZP_AGENT_NAME",
  "AZP_WORK",
  "AZP_TOKEN",
  "AZP_TOKEN_FILE",
];

/** What the job does not get besides where the container then deletes its own group. */
export const selfDestructVariables: readonly string[] = [
  "AZ_ACI_NAME",
  "AZ_ACI_RG",
  "AZ_SUBSCRIPTION_ID",
  "AZ_MANAGED_IDENTITY",
  "AZ_CLOUD",
  "AZ_RESOURCE_MANAGER",
];

/** Names that the script sets for the agent, whatever they were. */
export const setByScript: readonly string[] = ["AGENT_DIAGLOGPATH", "WORKER_DIAGLOGPATH"];

/** True when a job does not see what a container's variable of this name was given, with registration by the task. */
export function takenByScript(name: string): boolean {
  const capitals = name.toUpperCase();
  const same = (one: string) => (one.endsWith("*") ? capitals.startsWith(one.slice(0, -1)) : capitals === one);
  // The script takes names in any case out, and sets its own in capitals.
  return scriptVariables.some(same) || setByScript.includes(name);
}
