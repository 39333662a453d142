// What can go wrong with a container group by the service's own doing, by name (facts aci-azure-sdk §3.9).
import type { Fate } from "../../../containers/deployment-outcome.ts";
import type { Refused } from "../../../http/refused-request.ts";
import { armError } from "../../arm-error.ts";
import { inaccessibleImage, notAvailable, quotaReached, transitioning } from "../request/group-errors.ts";
import type { GroupRequest } from "../request/group-request.ts";

/** Answers of the PUT itself; nothing is created. */
const refusals = {
  quota: ({ location, container }) =>
    quotaReached(location, { name: "StandardCores", limit: 10, usage: 10, requested: container.cpu }),
  "service-unavailable": ({ location, container }) => notAvailable(location, container.cpu, container.memoryInGB),
  throttled: () => {
    const message = "The request is being throttled as the limit has been reached. Please retry after '1' seconds.";
    return armError(429, "TooManyRequests", message, { "retry-after": "1" });
  },
  transitioning: ({ name }) => transitioning(name),
  "registry-error": ({ container }) =>
    armError(
      409,
      "RegistryErrorResponse",
      `An error response is received from the docker registry '${container.image.split("/")[0]}'. Please retry later.`,
    ),
  "inaccessible-image": ({ name, container }) => inaccessibleImage(container.image, name),
  "os-version": ({ container }) =>
    armError(400, "OsVersionNotSupported", `The OS version of image '${container.image}' is not supported.`),
  "internal-error": () =>
    armError(500, "InternalServerError", "An internal server error occurred. Please retry later."),
} satisfies Readonly<Record<string, (request: GroupRequest) => Refused>>;

/** The wording that container instances pass on (MicrosoftDocs/azure-docs #106296). */
const noBash =
  'Failed to start container agent, Error response: to create containerd task: failed to create container: guest RPC failure: failed to run runc create/exec call with exit status 1: starting container process caused: exec: "/bin/bash": stat /bin/bash: no such file or directory: unknown';

/** What becomes of a group whose PUT was accepted. */
const fates = {
  capacity: { kind: "no-capacity" },
  "pull-fails": { kind: "pull-fails" },
  "pull-stalls": { kind: "pull-stalls" },
  "never-starts": { kind: "never-starts" },
  "no-bash": { kind: "never-starts", reason: noBash },
  "crashes-at-start": { kind: "crashes-at-start", exitCode: 1, reason: "fatal: cannot start" },
  "wrong-architecture": { kind: "crashes-at-start", exitCode: 1, reason: "exec /bin/bash: exec format error" },
  "does-nothing": { kind: "does-nothing" },
} satisfies Readonly<Record<string, Fate>>;

export type Condition = keyof typeof refusals | keyof typeof fates;

export interface ConditionOptions {
  /** How many creations it strikes; all when left out. */
  readonly times?: number;
  /** Which groups it strikes, by name; all when left out. */
  readonly group?: RegExp;
}

export interface InjectedCondition {
  /** How many creations it has struck. */
  readonly hits: number;
  remove(): void;
}

interface State {
  readonly condition: Condition;
  readonly options: ConditionOptions;
  hits: number;
}

/** The conditions in force. */
export class Conditions {
  readonly #states = new Set<State>();

  inject(condition: Condition, options: ConditionOptions = {}): InjectedCondition {
    const state = { condition, options, hits: 0 };
    this.#states.add(state);
    return {
      get hits() {
        return state.hits;
      },
      remove: () => void this.#states.delete(state),
    };
  }

  clear(): void {
    this.#states.clear();
  }

  /** Throws what the service would refuse the request with, if a condition says so. */
  refuse(request: GroupRequest): void {
    const condition = this.#strike(request.name, (each) => each in refusals);
    if (condition !== undefined) throw refusals[condition as keyof typeof refusals](request);
  }

  fate(request: GroupRequest): Fate {
    const condition = this.#strike(request.name, (each) => each in fates);
    return condition === undefined ? { kind: "healthy" } : fates[condition as keyof typeof fates];
  }

  #strike(name: string, applies: (condition: Condition) => boolean): Condition | undefined {
    const state = [...this.#states].find(
      ({ condition, options, hits }) =>
        applies(condition) &&
        hits < (options.times ?? Number.POSITIVE_INFINITY) &&
        (options.group === undefined || options.group.test(name)),
    );
    if (state !== undefined) state.hits += 1;
    return state?.condition;
  }
}
