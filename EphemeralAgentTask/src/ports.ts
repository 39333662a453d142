// What the core talks to: a clock, a container host, an agent pool, a pipeline run and a task host. Adapters implement them
// over the SDKs and task-lib; tests implement them in memory.

export type * from "./ports/agent-pool.ts";
export type * from "./ports/clock.ts";
export type * from "./ports/container-host.ts";
export type * from "./ports/pipeline-run.ts";
export * from "./ports/service-fault.ts";
export type * from "./ports/task-host.ts";
