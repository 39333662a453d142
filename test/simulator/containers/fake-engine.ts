// A container engine whose containers end when a test says so.
import type {
  ContainerEngine,
  ContainerStart,
  RunningContainer,
} from "../../../simulator/containers/container-engine.ts";

interface FakeContainer {
  readonly start: ContainerStart;
  exit(code: number): void;
  readonly killed: boolean;
}

/** Containers that end when the test says so. */
export class FakeEngine implements ContainerEngine {
  readonly name = "process";
  readonly containers: FakeContainer[] = [];
  readonly forgotten: string[] = [];
  /** Thrown by the next start. */
  failure: Error | undefined;

  async start(start: ContainerStart): Promise<RunningContainer> {
    if (this.failure !== undefined) throw this.failure;
    let exit: (code: number) => void = () => undefined;
    let killed = false;
    const exited = new Promise<{ exitCode: number }>((resolve) => {
      exit = (exitCode) => resolve({ exitCode });
    });
    this.containers.push({
      start,
      exit,
      get killed() {
        return killed;
      },
    });
    return {
      exited,
      async kill() {
        killed = true;
        exit(137);
      },
    };
  }

  async apply(): Promise<void> {
    throw new Error("No container here has a config map.");
  }

  async forget(id: string): Promise<void> {
    this.forgotten.push(id);
  }
}
