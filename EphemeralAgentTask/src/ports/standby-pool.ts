// A standby pool of Azure Container Instances: container groups that run already and wait for an agent (docs/standby.md).

/** A pool, with the revision of the profile that its container groups are made of. */
export interface StandbyPoolView {
  readonly id: string;
  readonly location: string;
  readonly subnetId?: string;
  readonly profile: { readonly id: string; readonly revision: number };
  /** Name of the container, which a claimed group keeps. */
  readonly container: string;
  readonly image: string;
  readonly cpu: number;
  readonly memoryInGB: number;
  /** Plain variables; the pool's public key is one of them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of the secret variables, whose values nobody is shown. */
  readonly secretEnvironment: readonly string[];
  readonly mountPaths: readonly string[];
}

/** The profile's plain variable that holds the public key: SubjectPublicKeyInfo in base64. */
export const publicKeyVariable = "EPHEMERAL_STANDBY_KEY";

/** What a claim hands to the container of a pool. */
export interface StandbyClaim {
  readonly pool: StandbyPoolView;
  /** The agent's files, to be sealed for the pool's key before anybody sees them. */
  readonly files: Readonly<Record<string, string>>;
}

export const standbyPoolName = ({ id }: Pick<StandbyPoolView, "id">): string => id.split("/").at(-1) ?? id;
