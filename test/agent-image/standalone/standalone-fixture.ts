// A container that registers its agent itself, and the services that it talks to.
import { readFileSync } from "node:fs";
import { type Asked, Services } from "../fixture/container-services.ts";
import { type Container, type ContainerOptions, containers, tellsAll } from "../fixture/local-container.ts";

/** A `config.sh` that registers an agent of this id. */
export const registersAs = (id: number): string => `
env -0 >"$SEEN/config-environment"; printf '%s\\n' "$@" >"$SEEN/config-arguments"
echo '{ "acceptTeeEula": true, "agentId": ${id}, "poolId": 3, "serverUrl": "x" }' >"$AGENT/.agent"`;

/** Its own container group, as the environment names it. */
export const ownGroup = { AZ_ACI_NAME: "eph-1", AZ_ACI_RG: "rg", AZ_SUBSCRIPTION_ID: "sub" };

interface Scenario {
  readonly id: string;
  readonly promise: string;
}
/** What must hold, whoever starts the container: the list is shared with the tests that have real ones. */
export const { scenarios }: { scenarios: readonly Scenario[] } = JSON.parse(
  readFileSync(new URL("standalone-scenarios.json", import.meta.url), "utf8"),
);

/** A test of one promise of the shared list. */
export function scenario(id: string, run: () => Promise<void>): void {
  it(scenarios.find((each) => each.id === id)?.promise ?? `(not in the list) ${id}`, run);
}

/**
 * To be called in a suite: each of its tests has services of its own.
 * @param token that registers its agents; one test looks for its own in every process of the machine
 */
export function standaloneStand(token: string) {
  const container = containers();
  let services: Services;
  beforeEach(async () => {
    services = await Services.open();
  });
  afterEach(() => services.close());
  return {
    get services(): Services {
      return services;
    },
    image: (changes: Readonly<Record<string, string>> = {}, baked: ContainerOptions["baked"] = {}): Container =>
      container({
        standalone: true,
        baked: { "config.sh": registersAs(7), "Agent.Listener": tellsAll, ...baked },
        environment: {
          AZP_URL: services.origin,
          AZP_POOL: "the pool",
          AZP_AGENT_NAME: "eph-1",
          AZP_WORK: "_jobs",
          AZP_TOKEN: token,
          EPHEMERAL_RETRY_SECONDS: "0",
          EPHEMERAL_LINGER_SECONDS: "0",
          AZURE_POD_IDENTITY_AUTHORITY_HOST: services.origin,
          AZ_RESOURCE_MANAGER: services.origin,
          ...changes,
        },
      }),
    /** What was asked of whom, besides the organization itself. */
    asked: (): Asked[] => services.requests.map(({ of }) => of).filter((of) => of !== "organization"),
  };
}
