// The catalog: every way the task can fail, what it means, and what to do. Thrown once where it is known, caught once
// at the entry.
import { agent } from "./catalog/agent.ts";
import { azure } from "./catalog/azure.ts";
import type { CatalogEntry } from "./catalog/catalog-entry.ts";
import { way } from "./catalog/connectivity.ts";
import { devops, jobs } from "./catalog/devops.ts";
import { network } from "./catalog/network-and-image.ts";
import { signIn } from "./catalog/sign-in.ts";

/**
 * Codes: 1xx inputs, 2xx Azure, 3xx network, 4xx image, 5xx Azure DevOps, 6xx agent, 7xx job, 8xx cleanup, 91x the way to a
 * service, 9xx other.
 * The entries of a group are in the file named after who refuses.
 */
export const catalog = {
  EA101: {
    title: "The inputs are not valid; nothing was created.",
    next: "Correct the inputs listed above, or define what they refer to. The inputs page of the documentation describes each of them.",
  },
  EA110: {
    title: "Something in the setup is wrong: a run with these inputs would fail.",
    next: "Follow each 'Fix:' in the table above, then run the check again.",
  },
  EA111: {
    title: "A run with these inputs can work, but there are warnings.",
    next: "Read each 'Fix:' in the table above.",
  },
  ...azure,
  ...signIn,
  ...network,
  ...devops,
  ...agent,
  ...jobs,
  EA801: {
    title: "Not everything could be removed.",
    next: "Remove what the cause names by hand, or let the next run of this pipeline remove it.",
  },
  EA802: {
    title: "The job was still running when this step had to end.",
    next: "Nothing to do: the container ends with its job, and the next cleanup removes it.",
  },
  EA803: {
    title: "Some leftovers could not be removed.",
    next: "See the table above for the reasons. The next sweep tries again.",
  },
  EA804: {
    title: "It is not known whether some agents are leftovers.",
    next: "Let the identity of this pipeline view the builds of the project (Pipelines > Security > View builds). Until then agents are removed once they have expired.",
  },
  EA805: {
    title: "A job of this run still waits for the agent, which will not come.",
    next: "Open the page in the message and press Cancel: Azure Pipelines cannot cancel a single job. Then fix what failed here and run the pipeline again.",
  },
  EA806: {
    title: "Azure does not let the container group be deleted.",
    next: "The deployment is not affected, and the container ends with its job. Ask the owner of what the cause names (a policy with the effect denyAction, a deny assignment, a disabled subscription) to let container groups of this resource group be deleted, or give the agents another resource group. The next cleanup then removes what stayed.",
  },
  EA900: {
    title: "Canceled.",
    next: "Nothing to do: what was created is being removed.",
  },
  ...way,
  EA999: {
    title: "An unexpected error occurred.",
    next: "Report it with this log. For more details, run again with System.Debug set to true.",
  },
} as const satisfies Record<string, CatalogEntry>;

export type ErrorCode = keyof typeof catalog;

/** A failure the user sees: a code of the catalog and the cause in the service's own words. */
export class TaskError extends Error {
  override readonly name = "TaskError";
  /**
   * @param code entry of the catalog
   * @param reason what the service said, or what was found; never a secret
   */
  constructor(
    readonly code: ErrorCode,
    readonly reason: string,
  ) {
    super(`${catalog[code].title}\n  Cause: ${reason}\n  Next step: ${catalog[code].next}`);
  }
}

/** The step was canceled or timed out. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
  constructor() {
    super("The step was canceled.");
  }
}
