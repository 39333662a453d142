// What `npm run demo -- --fail WHAT` breaks, and how it must be told.
import type { RunReport } from "../../simulator/pipeline-runner/run/run-results.ts";
import type { LeftBehind, Simulator } from "../../simulator/start-simulator.ts";

/** What a failure can use to happen. */
interface Stage {
  readonly simulator: Pick<Simulator, "arm" | "faults">;
  /** Kills the process of the step that runs now, as a lost machine or an operator would: with SIGKILL. */
  killStep(): void;
}

export interface Failure {
  /** The sample that it happens to. */
  readonly sample: string;
  /** What will be seen. */
  readonly story: readonly [string, string, string];
  /** What an error of the run must say. */
  readonly told: RegExp;
  /** What to do about it outside the demo. */
  readonly next: string;
  /** The mistake in the pipeline file, if it is one. */
  readonly change?: (yaml: string) => string;
  /** The mistake of a service. */
  readonly arrange?: (stage: Stage) => void;
  /** The pool has no placeholder, which the sample needs. */
  readonly withoutPlaceholder?: true;
}

const cleanedUp = "Whatever was made is removed again, and the run fails.";

export const failures = {
  image: {
    sample: "deploy",
    story: [
      "The pipeline names an image that is not in the registry.",
      "The step that watches the agent ends at once with EA401, and repeats the registry's words.",
      cleanedUp,
    ],
    told: /\bEA401\b/,
    next: "Correct 'imageName', or push the image. 'action: check' finds this before the first run.",
    change: (yaml) => yaml.replaceAll("azure-pipelines-agent:latest", "no-such-image:latest"),
  },
  subnet: {
    sample: "deploy",
    story: [
      "The pipeline names a subnet that is not delegated to container groups.",
      "The step ends at once with EA301: Azure's words, and the command that delegates a subnet.",
      cleanedUp,
    ],
    told: /\bEA301\b/,
    next: "Run the command in the message, which delegates the subnet, or name another subnet.",
    change: (yaml) => yaml.replaceAll("snet-agents", "snet-apps"),
  },
  placeholder: {
    sample: "parallel",
    story: [
      "The deploy job is queued beside a 'run' step, in a pool without a placeholder.",
      "Azure Pipelines refuses the deploy job, for no agent of the pool meets its demands.",
      "The 'run' step sees that before it creates anything, and ends with EA709: what the pool lacks, and what to do.",
    ],
    told: /\bEA709\b/,
    next: "Use templates/deploy.yml, which needs no placeholder, or let 'action: check' add one to the pool.",
    withoutPlaceholder: true,
  },
  crash: {
    sample: "deploy",
    story: [
      "The container ends as soon as it has started: its agent never comes online.",
      "EA601 tells the exit code, and shows the container's log before the container group is deleted.",
      cleanedUp,
    ],
    told: /\bEA601\b/,
    next: "Read the container's log in the step's log: it is fetched before the container group goes.",
    arrange: ({ simulator }) => void simulator.arm.inject("crashes-at-start"),
  },
  kill: {
    sample: "deploy",
    story: [
      "The step that creates the agent is killed with SIGKILL while it asks Azure for the container group.",
      "It cannot clean up. But what it was about to make was written down before.",
      "Its post-job step removes the agent and the container group; the job beside the deployment looks once more.",
    ],
    told: /\bExit code 137\b/,
    next: "Rerun the stage. After the loss of a whole machine, the next run or 'action: sweep' cleans up in the same way.",
    arrange({ simulator, killStep }) {
      simulator.faults.add({
        site: "arm",
        method: "PUT",
        path: "/containerGroups/",
        times: 1,
        effect: { call: () => void killStep() },
      });
    },
  },
} as const satisfies Readonly<Record<string, Failure>>;

export type FailureName = keyof typeof failures;

export const failureNames = Object.keys(failures) as readonly FailureName[];

/** Whether the demonstrated failure went as it should: the run failed, the reason was told, nothing stayed. */
export function wentAsItShould({ told }: Failure, { result, jobs }: RunReport, left: LeftBehind): boolean {
  const said = Object.values(jobs).flatMap(({ issues }) => issues.map(({ message }) => message));
  return result === "failed" && said.some((message) => told.test(message)) && isNothing(left);
}

/** Whether no agent and no container group is there. */
export function isNothing({ agents, containerGroups }: LeftBehind): boolean {
  return agents.length + containerGroups.length === 0;
}
