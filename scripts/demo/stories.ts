// What the demo says before a run and after it.
import { type FailureName, failures } from "./failures.ts";

interface Story {
  /** What will be seen. */
  readonly before: readonly string[];
  /** What just happened. */
  readonly happened: string;
  /** Commands to try next, each with what it shows. */
  readonly next: readonly (readonly [command: string, shows: string])[];
}

const showOne = ["npm run demo -- --fail image", "a failure: its cause, the next step, and the cleanup"] as const;
const showKill = ["npm run demo -- --fail kill", "a step that is killed, and still leaves nothing behind"] as const;
const showSweep = ["npm run demo -- sweep", "the cleanup of what a lost run left behind"] as const;
const showList = ["npm run demo -- list", "the other samples"] as const;
const showDeploy = ["npm run demo", "the same without a failure"] as const;

const columns =
  "Each line has the seconds since the start and who speaks: a job, or 'azure' and 'azure devops' for what the services see.";

const known: Readonly<Record<string, Story>> = {
  deploy: {
    before: [
      "One job creates an agent in a private network, one deploys on it, one watches and removes it.",
      columns,
      "At the end, the pool and the resource group must be as empty as before.",
    ],
    happened: "An agent ran one job in a private network, and was removed together with its container group.",
    next: [showOne, showKill, showList],
  },
  standby: {
    before: [
      "A standby pool keeps a container of the agent's image running. The first job claims it and hands it an agent.",
      columns,
      "At the end, the pool of agents and the resource group are as empty as before; the standby pool has another container.",
    ],
    happened:
      "The container ran before it was asked for, so its agent was there in seconds. It served one job and is gone; another one waits.",
    next: [["npm run demo", "the same with a cold start"], showOne, showList],
  },
  check: {
    before: [
      "One step reads what a deployment needs, in Azure and in Azure DevOps. It creates nothing.",
      "Each row is ok, not checked (the service connection may not read it), a warning, or wrong with the command that fixes it.",
      columns,
    ],
    happened: "Everything that the step could read is as it should be: a deployment with these inputs works.",
    next: [["npm run demo", "the deployment"], showOne, showList],
  },
  sweep: {
    before: [
      "An earlier run has created an agent and never removed it: its record and its container group are still there.",
      columns,
      "'action: sweep' finds what belongs to finished runs, and removes nothing else.",
    ],
    happened: "The leftovers of the finished run were found by their owner tags and removed.",
    next: [["npm run demo", "how the task itself leaves nothing behind"], showKill, showList],
  },
};

/** Of a file that the demo knows nothing of. */
const unknown: Story = {
  before: [
    "The pipeline runs from its first job to its last, with the built task and an agent for each job that asks for one.",
    columns,
    "At the end, the pool and the resource group must be as empty as before.",
  ],
  happened: "Each job ran where the file says, and every agent that the run created was removed.",
  next: [["npm run demo", "the recommended pattern"], showOne, showSweep],
};

/** @param sample the folder's name of a sample, or of any other pipeline file */
export function storyOf(sample: string, failure: FailureName | undefined): Story {
  if (failure === undefined) return known[sample] ?? unknown;
  const { story, next } = failures[failure];
  return {
    before: story,
    happened: `The failure was reported, and nothing was left behind. What to do: ${next}`,
    next: [showDeploy, failure === "kill" ? showOne : showKill, showSweep],
  };
}

const resourceId = /\/subscriptions\/[^\s'"()<>,:;]+/g;
const guid = /\b([0-9a-f]{8})-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi;

/** The same line with the ends of resource ids and the beginnings of GUIDs only. */
export function shortened(line: string): string {
  return line.replace(resourceId, (id) => `…/${id.split("/").slice(-2).join("/")}`).replace(guid, "$1…");
}
