// The catalogue: every way the task can fail, what it means, and what to do. Thrown once where it is known, caught once
// at the entry.

export interface CatalogueEntry {
  /** What happened, without the service's words. */
  readonly title: string;
  /** What the reader does next. */
  readonly next: string;
}

/** Codes: 1xx inputs, 2xx Azure, 3xx network, 4xx image, 5xx Azure DevOps, 6xx agent, 7xx job, 8xx clean-up, 9xx other. */
export const catalogue = {
  EA101: {
    title: "The inputs are not valid; nothing was created.",
    next: "Correct the inputs listed above; the README's table says what each one takes.",
  },
  EA201: {
    title: "The service connection's credential was refused.",
    next: "Renew the secret of the service principal, or open the service connection in the project settings and verify it.",
  },
  EA202: {
    title: "The service connection may not do this in Azure.",
    next: "Give its service principal the action named above at the scope named above; the command above does it, and counts after some minutes. The roles are in samples/roles: make them first with 'az role definition create', and bring older ones up to date with 'az role definition update' (see 'Rights' in the README).",
  },
  EA203: {
    title: "Azure has no capacity for this container group right now.",
    next: "Try again later, ask for less CPU or memory, or use a subnet in another region.",
  },
  EA204: {
    title: "A quota of the subscription is used up.",
    next: "Delete container groups that are not needed, or ask for a higher quota in the portal (Subscription > Usage + quotas).",
  },
  EA205: {
    title: "Azure refuses more requests for a while.",
    next: "Start fewer agents at the same time: the service allows about 100 creates in five minutes and 300 an hour.",
  },
  EA206: {
    title: "The resource provider is not registered in the subscription.",
    next: "Run: az provider register --namespace Microsoft.ContainerInstance",
  },
  EA207: {
    title: "The resource group was not found.",
    next: "Check resourceGroupName, and that the service connection belongs to the right subscription.",
  },
  EA208: {
    title: "Azure refused the container group.",
    next: "Read the cause; it names the property. If it is not one of your inputs, please report it with the code.",
  },
  EA209: {
    title: "Azure did not answer as expected.",
    next: "Try again; if it stays, look at the Azure status page and at the activity log of the resource group.",
  },
  EA301: {
    title: "The subnet is not delegated to Azure Container Instances.",
    next: "Run: az network vnet subnet update --ids SUBNET_ID --delegations Microsoft.ContainerInstance/containerGroups",
  },
  EA302: {
    title: "The subnet or its virtual network was not found.",
    next: "Check subnetId, or vnetResourceGroupName, vnetName and subnetName, and that the connection may read them.",
  },
  EA303: {
    title: "The container group's region is not the virtual network's.",
    next: "Leave location empty: the virtual network's region is then used.",
  },
  EA304: {
    title: "The container group is not in a virtual network: it gets public egress and reaches no private network.",
    next: "Name a subnet with subnetId, or with vnetResourceGroupName, vnetName and subnetName.",
  },
  EA401: {
    title: "The image could not be pulled.",
    next: "Check imageName and its tag, and that containerRegistry may pull it (role AcrPull). An ACR behind a private endpoint needs a managed identity to pull.",
  },
  EA402: {
    title: "The registry did not answer properly.",
    next: "Try again later; look at the registry's health if it stays.",
  },
  EA501: {
    title: "Azure DevOps did not accept the token.",
    next: "If azureDevOpsToken is a PAT, check that it has not expired; without it, the job's own token is used, which ends with the job.",
  },
  EA502: {
    title: "The token may not manage the agent pool.",
    next: "Organization settings > Agent pools > the pool > Security: make the identity named in the cause (normally '<project> Build Service' or 'Project Collection Build Service') Administrator, or give azureDevOpsToken a PAT with 'Agent Pools (Read & manage)'.",
  },
  EA503: {
    title: "An agent of this name is already in the pool.",
    next: "Run the step again: every attempt makes new names. If it stays, remove the old record under Organization settings > Agent pools.",
  },
  EA504: {
    title: "Azure DevOps did not answer as expected.",
    next: "Try again; if it stays, look at the Azure DevOps status page.",
  },
  EA505: {
    title: "The new agent's credential was not accepted.",
    next: "Check that this machine's clock is right, and try again; nothing was created in Azure.",
  },
  EA506: {
    title: "The pool did not keep the agent's capabilities.",
    next: "Check that the token may manage the pool; jobs could not find the agent by its demands.",
  },
  EA601: {
    title: "The container ended before the agent was online.",
    next: "Read the container log above. Common causes: no bash in the image, an image for another processor, or the organization cannot be reached from the subnet.",
  },
  EA602: {
    title: "The agent did not come online in time.",
    next: "Read the container log and events above. Common causes: the subnet has no way out to Azure DevOps (NAT gateway, firewall, DNS), or the image is large: raise timeoutAgentOnline.",
  },
  EA603: {
    title: "The container group could not be started.",
    next: "Read the events above; they are all that Azure tells about it.",
  },
  EA604: {
    title: "The container group disappeared.",
    next: "Something else deleted it: look at the activity log of the resource group.",
  },
  EA605: {
    title: "The agent's record disappeared from the pool.",
    next: "Something else removed it: look at the pool's agents and at other clean-up jobs.",
  },
  EA606: {
    title: "The container ended while the job was running on it.",
    next: "Read the exit code and the container log above. Exit code 137 usually means out of memory: raise memory.",
  },
  EA607: {
    title: "The container ended while its agent waited for a job.",
    next: "Read the container log above; exit code 137 usually means out of memory: raise memory.",
  },
  EA701: {
    title: "The job on the agent did not succeed.",
    next: "Open that job's log. This step fails with it, so that 're-run failed jobs' runs both again.",
  },
  EA702: {
    title: "The deploy job waits for this job, so no job can ever use the agent.",
    next: "Remove its dependsOn so that both run side by side, or use action: create here and action: remove in a third job.",
  },
  EA703: {
    title: "No job of this run can use the agent.",
    next: "Add a job to this run with 'pool: name' of this pool and the demand EphemeralAgent, or check why it was skipped or canceled.",
  },
  EA704: {
    title: "No job came to the agent in time.",
    next: "Look at the run: is the job waiting for an approval, for a parallel job, or for another agent (its demands)? Raise idleTimeoutMinutes if it needs longer.",
  },
  EA801: {
    title: "Not everything could be removed.",
    next: "Remove what is named above by hand, or let the next run of this pipeline do it.",
  },
  EA802: {
    title: "The job was still running when this step had to end.",
    next: "Nothing to do: the container ends with its job, and the next clean-up removes it.",
  },
  EA803: {
    title: "Leftovers stay that could not be removed.",
    next: "Read the table above for the reasons; the next sweep tries again.",
  },
  EA900: {
    title: "Canceled.",
    next: "Nothing to do: what was made is being removed.",
  },
  EA999: {
    title: "Something went wrong that this task does not know.",
    next: "Please report it with this log; run again with System.Debug set to true for more.",
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

/** A failure the user sees: a code of the catalogue and the cause in the service's own words. */
export class TaskError extends Error {
  override readonly name = "TaskError";
  /**
   * @param code entry of the catalogue
   * @param reason what the service said, or what was found; never a secret
   */
  constructor(
    readonly code: ErrorCode,
    readonly reason: string,
  ) {
    super(`${catalogue[code].title}\n  Cause: ${reason}\n  Next step: ${catalogue[code].next}`);
  }
}

/** The step was cancelled or timed out. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}
