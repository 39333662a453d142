// Errors of Azure DevOps: 5xx for the organization and the pool, 7xx for the job.

import { readAtOnce } from "./advice.ts";
import type { CatalogEntry } from "./catalog-entry.ts";

export const devops = {
  EA501: {
    title: "Azure DevOps did not accept the token.",
    next: "If azureDevOpsToken is a PAT, check that it has not expired. Without azureDevOpsToken, the task uses the job's own token, which expires with the job.",
  },
  EA502: {
    title: "The token may not manage the agent pool.",
    next: `On the page in the message (Organization settings > Agent pools > the pool > Security), add the identity that the cause names with the role Administrator; usually it is 'PROJECT Build Service' or 'Project Collection Build Service'. Or give azureDevOpsToken a personal access token with the scope 'Agent Pools (Read & manage)'. ${readAtOnce}`,
  },
  EA503: {
    title: "An agent of this name is already in the pool.",
    next: "Run the step again: every attempt uses new names. If the problem persists, remove the old record under Organization settings > Agent pools.",
  },
  EA504: {
    title: "Azure DevOps did not answer as expected.",
    next: "Try again. If the problem persists, see the Azure DevOps status page.",
  },
  EA505: {
    title: "The new agent's credential was not accepted.",
    next: "Check that this machine's clock is right, and try again; nothing was created in Azure.",
  },
  EA506: {
    title: "The pool did not keep the agent's capabilities.",
    next: "Check that the token may manage the pool. Without its capabilities, no job finds the agent by its demands.",
  },
  EA507: {
    title: "The agent pool was not found.",
    next: `Check agentPool: it must be the name of a self-hosted pool on the page in the message (Organization settings > Agent pools). If the pool is there, it is hidden from the identity that the cause names: add that identity under Security of the pool with the role Administrator. ${readAtOnce}`,
  },
  EA508: {
    title: "Azure DevOps stopped accepting the token while the step was waiting.",
    next: "The job's own token expires at the time limit of the job: raise timeoutInMinutes of this job (the service limits it on Microsoft-hosted agents), or lower idleTimeoutMinutes. If azureDevOpsToken is a PAT, it has expired or was revoked.",
  },
  EA509: {
    title: "A conditional access policy of the organization's tenant blocks this request.",
    next: "Ask an Entra administrator to exclude the token's identity, or the public address of the machine that runs this step, from the policy for Azure DevOps. Or use the job's own token. A role in the pool does not help.",
  },
  EA510: {
    title: "The organization is not available.",
    next: "Read the administrator's reason in the cause: the owner can restore a deactivated or suspended organization, and the administrator of the Azure DevOps Server can start a stopped collection.",
  },
  EA511: {
    title: "The organization does not know the token's identity.",
    next: `Add the identity that the cause names to the organization (Organization settings > Users > Add users; applications and managed identities, too), and give it the role Administrator in the pool. A person must open the organization once in a browser. Or use the job's own token. ${readAtOnce}`,
  },
} as const satisfies Record<string, CatalogEntry>;

export const jobs = {
  EA701: {
    title: "The job on the agent did not succeed.",
    next: "Open the log of that job. This step fails, too, so that 'Rerun failed jobs' runs both again.",
  },
  EA702: {
    title: "The deploy job waits for this job, so no job can ever use the agent.",
    next: "Remove its dependsOn so that both run side by side, or use action: create here and action: remove in a third job.",
  },
  EA703: {
    title: "No job of this run can use the agent.",
    next: "Add a job to this run that has this pool and the demand EphemeralAgent, or find out why that job was skipped or canceled. If Azure DevOps refused it ('No agent found in pool'), the pool has no placeholder: run a step with action: check and addPlaceholder: true once, or use the template (templates/deploy.yml), which needs none.",
  },
  EA704: {
    title: "No job came to the agent in time.",
    next: "Look at the run: is the job waiting for an approval, for a parallel job, or for another agent (its demands)? If the job needs longer, raise idleTimeoutMinutes.",
  },
  EA705: {
    title: "The job waits for an approval or a check.",
    next: "Approve it on the page of the run, or move the agent's job to the stage after the approval, so that no container waits for it. If the approval takes longer, raise idleTimeoutMinutes.",
  },
  EA706: {
    title: "The job cannot use this agent: it demands something else.",
    next: "Change the demands of the job: 'EphemeralAgent' beside action: run, 'EphemeralAgent.Run -equals $(Build.BuildId)' after action: create, and nothing else that neither the agent nor the input 'capabilities' has.",
  },
  EA708: {
    title: "Another job took the agent that this run's job waits for.",
    next: "Run the stage again: it gets a new agent. If the pool's maintenance took it, see Organization settings > Agent pools > the pool > Maintenance history: turn it off, or do not run it while you deploy. It only cleans up work folders, and agents for one job leave none.",
  },
  EA709: {
    title: "The pool has no agent that meets the job's demands, so Azure DevOps refused the job. Nothing was created.",
    next: `With action: run, the pool needs a placeholder, an agent record that has the capability EphemeralAgent and stays offline: run a step with action: check and addPlaceholder: true once. Or use the template (templates/deploy.yml) or action: create, which need none. ${readAtOnce}`,
  },
  EA707: {
    title: "The job has its agent but does not start: most likely no parallel job is free.",
    next: "Wait until another self-hosted job ends, or buy a parallel job (Organization settings > Parallel jobs). This step's own job takes one, too, if it runs on a self-hosted agent.",
  },
} as const satisfies Record<string, CatalogEntry>;
