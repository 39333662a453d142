// The core under test: the real one, or a copy with one safety switched off.
import { pathToFileURL } from "node:url";
import type * as CreateModule from "../../EphemeralAgentTask/src/actions/create.ts";
import type * as FinishModule from "../../EphemeralAgentTask/src/actions/post-job.ts";
import type * as RemoveModule from "../../EphemeralAgentTask/src/actions/remove.ts";
import type * as RunModule from "../../EphemeralAgentTask/src/actions/run.ts";
import type * as SweepModule from "../../EphemeralAgentTask/src/actions/sweep.ts";
import type * as PortsModule from "../../EphemeralAgentTask/src/ports.ts";

export interface Core {
  readonly run: typeof RunModule.run;
  readonly create: typeof CreateModule.create;
  readonly remove: typeof RemoveModule.remove;
  readonly finish: typeof FinishModule.finish;
  readonly sweep: typeof SweepModule.sweep;
  readonly ServiceFault: typeof PortsModule.ServiceFault;
}

/** @param folder the task's source folder, with a slash at the end */
export async function loadCore(folder: string): Promise<Core> {
  const load = async <T>(path: string): Promise<T> => (await import(new URL(path, pathToFileURL(folder)).href)) as T;
  const [runs, creates, removes, finishes, sweeps, ports] = await Promise.all([
    load<typeof RunModule>("actions/run.ts"),
    load<typeof CreateModule>("actions/create.ts"),
    load<typeof RemoveModule>("actions/remove.ts"),
    load<typeof FinishModule>("actions/post-job.ts"),
    load<typeof SweepModule>("actions/sweep.ts"),
    load<typeof PortsModule>("ports.ts"),
  ]);
  const { run } = runs;
  const { create } = creates;
  return {
    run,
    create,
    remove: removes.remove,
    finish: finishes.finish,
    sweep: sweeps.sweep,
    ServiceFault: ports.ServiceFault,
  };
}
