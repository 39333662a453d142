// Faults of jobs.
import type { Fault, Inject } from "../fault.ts";
import type { Stage } from "../fault-scenario.ts";

const fromTheStart =
  (prepare: (stage: Stage) => void): Inject =>
  (stage) => {
    prepare(stage);
    stage.shown();
  };

/** What the run and its job requests show: facts agent-protocol §4.1, §4.2 and §5. */
export const jobFaults: readonly Fault[] = [
  {
    name: "the job on the agent fails",
    inject: (stage) => {
      stage.world.placeholder();
      stage.timeline({ deploy: "inProgress" });
      stage.world.queue({ runId: "101", ends: "failed", lastsMs: 60_000 });
      stage.shownAfterBoot(60_000);
    },
    code: "EA701",
    cause: /^job 'deploy' of run 101: failed$/,
  },
  {
    name: "job never came: it depends on this job",
    inject: fromTheStart((stage) => stage.timeline({ deploy: "pending" })),
    code: "EA702",
    cause: /^waiting: deploy\.$/,
  },
  {
    name: "job never came: skipped",
    inject: fromTheStart((stage) => stage.timeline({ deploy: "skipped" })),
    code: "EA703",
    cause: /^the run's other jobs: deploy: skipped\.$/,
  },
  {
    name: "job never came: no agent of the pool meets its demands",
    inject: fromTheStart((stage) => {
      stage.timeline({ deploy: "failed" });
      const text = "No agent found in pool agents which satisfies the specified demands: EphemeralAgent";
      const job = { id: "deploy-job", type: "Job", name: "deploy", state: "completed", result: "failed" } as const;
      stage.world.timeline = [...(stage.world.timeline ?? []), { ...job, errors: [text] }];
    }),
    code: "EA709",
    cause:
      /^run 101: job 'deploy': No agent found in pool agents which satisfies the specified demands: EphemeralAgent$/,
  },
  {
    name: "job never came: the run has none",
    inject: fromTheStart((stage) => stage.timeline({})),
    code: "EA703",
    cause: /^the run has no other job\.$/,
  },
  {
    name: "job never came: something else of the run goes on",
    inject: (stage) => {
      stage.timeline({ build: "inProgress", deploy: "pending" });
      stage.shownAfterBoot(600_000);
    },
    settings: { idleMs: 600_000 },
    code: "EA704",
    cause: /was online for 10 min\. What it was waiting for: phase 'build' is in progress\.$/,
  },
  {
    name: "job never came: approval open",
    inject: fromTheStart((stage) => {
      stage.timeline({});
      const stageOfJob = { id: "stage-2", type: "Stage", name: "Production", state: "inProgress" } as const;
      const checkpoint = { id: "check", parentId: "stage-2", type: "Checkpoint", name: "Checkpoint" } as const;
      const approval = { id: "approval", parentId: "check", type: "Checkpoint.Approval", name: "Production" } as const;
      stage.world.timeline?.push(
        stageOfJob,
        { ...checkpoint, state: "inProgress" },
        { ...approval, state: "inProgress" },
      );
    }),
    settings: { idleMs: 600_000 },
    code: "EA705",
    cause: /checkpoint\.approval 'Production' is open\.$/,
  },
  {
    name: "job never came: other demands",
    inject: (stage) => {
      stage.world.addRecord("placeholder", { EphemeralAgent: "true", Region: "north", docker: "24" });
      stage.timeline({ deploy: "inProgress" });
      stage.world.queue({ runId: "101", demands: ["EphemeralAgent", "Region -equals north", "docker"] });
      stage.shownAfterBoot();
    },
    settings: { capabilities: { Region: "south" }, idleMs: 600_000 },
    code: "EA706",
    cause:
      /job 'deploy' demands 'Region -equals north' \(the agent has 'south'\) and 'docker' \(the agent has no such capability\)\.$/,
  },
  {
    name: "job never came: other demands, which the service does not show",
    inject: (stage) => {
      stage.deployJob();
      stage.world.parallelJobs = { limit: 0, note: "" };
      const { jobRequests } = stage.world.pool;
      stage.world.pool.jobRequests = async () =>
        (await jobRequests()).map(({ demands: _, ...request }) => ({ ...request, matchedAgentIds: [1] }));
      stage.shownAfterBoot();
    },
    settings: { idleMs: 600_000 },
    code: "EA706",
    cause: /job 'deploy' is queued, but the agent is not among those that match it\.$/,
  },
  {
    name: "job never came: no parallel-job slot, and the service says so",
    // MicrosoftDocs/pipelines-dotnet-core #32, microsoft/azuredevopslabs #535
    inject: (stage) => {
      stage.deployJob();
      const kind = "parallelism type 'Self-Hosted Private'. Current position in queue: 1";
      const note = `This agent request is not running because you have reached the maximum number of requests that can run for ${kind}`;
      stage.world.parallelJobs = { limit: 0, note };
      stage.shownAfterBoot();
    },
    settings: { idleMs: 600_000 },
    code: "EA707",
    cause: /job 'deploy': This agent request is not running because .* parallelism type 'Self-Hosted Private'/,
  },
  {
    name: "job never came: no parallel-job slot, without a word",
    inject: (stage) => {
      stage.deployJob();
      stage.world.parallelJobs = { limit: 0, note: "" };
      stage.shownAfterBoot();
    },
    settings: { idleMs: 600_000 },
    code: "EA707",
    cause: /job 'deploy' is queued although eph-101-\w+ is online and meets its demands\.$/,
  },
  {
    name: "the pool's maintenance takes every agent that `create` makes",
    inject: (stage) => {
      stage.world.placeholder();
      const { create } = stage.world.host;
      stage.world.host.create = async (definition) => {
        const maintenance = { planType: "PoolMaintenance", name: "maintenance", demands: [], lastsMs: 5_000 };
        stage.world.queue({ runId: "7", ...maintenance });
        stage.shownAt = stage.clock.now() + stage.world.behaviour.bootMs;
        return create(definition);
      };
    },
    action: "create",
    code: "EA708",
    cause: /^eph-101-\w+: the pool's maintenance \(run 7\) took it\.$/,
  },
];
