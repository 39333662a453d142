// What Azure DevOps refuses: 5xx the organization and its pool, 7xx the job.
import type { CatalogueEntry } from "../errors.ts";
import { readAtOnce } from "./advice.ts";

export const devops = {
  EA501: {
    title: "Azure DevOps did not accept the token.",
    next: "If azureDevOpsToken is a PAT, check that it has not expired; without it, the job's own token is used, which ends with the job.",
  },
  EA502: {
    title: "The token may not manage the agent pool.",
    next: `On the page that the cause names (Organization settings > Agent pools > the pool > Security), add the identity that the cause names with the role Administrator; usually it is 'PROJECT Build Service' or 'Project Collection Build Service'. Or give azureDevOpsToken a personal access token with the scope 'Agent Pools (Read & manage)'. ${readAtOnce}`,
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
  EA507: {
    title: "The agent pool was not found.",
    next: `Check agentPool: it must be the name of a self-hosted pool on the page that the cause names (Organization settings > Agent pools). If the pool is there, it is hidden from the identity that the cause names: add that identity under Security of the pool with the role Administrator. ${readAtOnce}`,
  },
  EA508: {
    title: "Azure DevOps accepts the token no longer, in the middle of the wait.",
    next: "The job's own token ends when the job's time is over: raise timeoutInMinutes of this job (the service limits it on Microsoft-hosted agents), or let it wait less (idleTimeoutMinutes). If azureDevOpsToken is a PAT, it has expired or was revoked.",
  },
  EA509: {
    title: "A conditional access policy of the organization's tenant does not let this request in.",
    next: "Ask an Entra administrator to let the public address of the machine that runs this step, or the token's identity, pass the policy for Azure DevOps; or use the job's own token. A role in the pool does not help.",
  },
  EA510: {
    title: "The organization is not available.",
    next: "Read the administrator's reason in the cause: a deactivated or suspended organization is restored by its owner, a stopped collection is started by the administrator of the Azure DevOps Server.",
  },
} as const satisfies Record<string, CatalogueEntry>;

export const jobs = {
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
  EA705: {
    title: "The job waits for an approval or a check.",
    next: "Approve it on the run's page, or put the agent's job into the stage behind the approval, so that no container waits for it. Raise idleTimeoutMinutes if it needs longer.",
  },
  EA706: {
    title: "The job cannot use this agent: it demands something else.",
    next: "Make the demands of the job fit: 'EphemeralAgent' beside action: run, 'EphemeralAgent.Run -equals $(Build.BuildId)' after action: create, and nothing that the image or 'capabilities' does not offer.",
  },
  EA708: {
    title: "Another job took the agent that this run's job waits for.",
    next: "Run the stage again: it gets a new agent. If the pool's maintenance took it, see Organization settings > Agent pools > the pool > Maintenance history: do not let it run while you deploy, or turn it off. It cleans up work folders, of which agents made for one job leave none.",
  },
  EA709: {
    title: "The pool has no agent that meets the job's demands, so Azure DevOps refused the job. Nothing was created.",
    next: `Beside action: run the pool needs a placeholder, an agent record that has the capability EphemeralAgent and stays offline: run a step with action: check and addPlaceholder: true once. Or use the template (templates/deploy.yml) or action: create, which need none. ${readAtOnce}`,
  },
  EA707: {
    title: "The job has its agent but does not start: most likely no parallel job is free.",
    next: "Wait until another self-hosted job ends, or buy a parallel job (Organization settings > Parallel jobs). This step's own job takes one, too, if it runs on a self-hosted agent.",
  },
} as const satisfies Record<string, CatalogueEntry>;
