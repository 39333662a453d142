// Every secret that a story knows of, searched for in every place where it does not belong.

import type { TaskRun } from "../harness/run-task.ts";
import type { Scene } from "../scenario/scenario.ts";
import type { Step } from "../scenario/step.ts";
import { lookOn } from "./reader-view.ts";
import { learnFromTheWire } from "./recorded-traffic.ts";
import { type Place, Secrets } from "./secret-values.ts";

/** Lines that the agent carries out or masks before anybody sees them; with `System.Debug` on, the log shows the second. */
const forTheAgent = /^\s*##vso\[task\.(setsecret|debug)\]/;

/** What one stage of a step left: `raw` is what the process wrote, the rest is what the agent shows of it. */
export function told(stage: string, run: TaskRun, echoes: boolean): Place[] {
  const raw = run.raw.split("\n").filter((line) => !forTheAgent.test(line));
  const open = run.taskVariables.filter(({ secret }) => !secret);
  return [
    [`${stage}: log`, run.log],
    // What a service echoes is masked by the agent, which knows it.
    ...(echoes ? [] : raw.map((line, index): Place => [`${stage}: line ${index} of the output`, line])),
    ...run.issues.map(({ message }): Place => [`${stage}: issue`, message]),
    ...open.map(({ name, value }): Place => [`${stage}: task variable ${name}`, `${name}=${value}`]),
    ...Object.entries(run.outputs).map(([name, { value }]): Place => [`${stage}: output ${name}`, value]),
    ...run.progress.map(({ operation }): Place => [`${stage}: progress`, operation]),
    ...run.summaries.map((summary): Place => [`${stage}: summary`, summary]),
  ];
}

export class Canary {
  readonly secrets = new Secrets();
  /** Administers the pool; steps have it as a plain input, as if it had been typed into the pipeline. */
  readonly pat: string;
  readonly #scene: Scene;
  readonly #places: Place[];
  readonly #looking: ReturnType<typeof lookOn>;

  constructor(scene: Scene) {
    const { simulator } = scene;
    const { ready, puller, organization } = simulator;
    this.#scene = scene;
    this.pat = organization.issuePersonalAccessToken("Administrator").token;
    this.secrets.add("personal access token", this.pat);
    this.secrets.add("secret of the service principal", ready.clientSecret);
    this.secrets.add("password of the registry", ready.registryPassword);
    this.secrets.add("secret that pulls from the registry", puller.secret);
    this.#places = learnFromTheWire(simulator, this.secrets);
    this.#looking = lookOn(simulator);
  }

  /** A step with these inputs and every secret; its token is one of the secrets from now on. */
  step(inputs: Readonly<Record<string, string>>, part: Parameters<Scene["step"]>[1] = {}): Step {
    const debug = { variables: { "System.Debug": "true", ...part.variables } };
    const step = this.#scene.step({ azureDevOpsToken: this.pat, ...inputs }, { ...part, ...debug });
    this.secrets.add("token of the job", step.start.jobToken);
    return step;
  }

  add(places: Iterable<Place>): void {
    this.#places.push(...places);
  }

  /** Everything that was to be searched, once the story is over. */
  async places(): Promise<readonly Place[]> {
    this.add(await this.#looking.stop());
    this.add(this.#scene.simulator.requests.entries.map(({ url }): Place => ["address of a request", url]));
    return this.#places;
  }
}
