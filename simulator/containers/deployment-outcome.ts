// What becomes of a deployment that the service has accepted: it works, or fails in a known way.

/** What becomes of a deployment that the service has accepted. */
export type Fate =
  | { readonly kind: "healthy" }
  /** No machine has room for it: an event says so, the operation fails without an error (facts aci-azure-sdk §2.3). */
  | { readonly kind: "no-capacity" }
  /** The pull fails again and again until the service gives up. */
  | { readonly kind: "pull-fails"; readonly reason?: string }
  /** The pull has not ended when the time for provisioning is over. */
  | { readonly kind: "pull-stalls" }
  /** The image is pulled, then no container starts until the time for provisioning is over; an event may say why. */
  | { readonly kind: "never-starts"; readonly reason?: string }
  /** The container's first process says why it fails, and fails at once with this exit code. */
  | { readonly kind: "crashes-at-start"; readonly exitCode: number; readonly reason: string }
  /** The container runs, but what it should do never begins. */
  | { readonly kind: "does-nothing" };

/** How long each stage takes, in milliseconds. */
export interface GroupTimings {
  /** Until a machine and the network are there; 21 s in a recording with a subnet (facts aci-azure-sdk §2.3). */
  readonly pendingMs: number;
  readonly pullMs: number;
  /** From the pulled image to the running container. */
  readonly startMs: number;
  /** From the running container to `Succeeded`; 2 to 5 s in the recordings. */
  readonly settleMs: number;
  /** Before a container that ended is started again. */
  readonly restartMs: number;
  /** Between attempts of a failing pull. */
  readonly pullRetryMs: number;
  /** After which a deployment that is not running yet has failed; half an hour at the service. */
  readonly provisioningTimeoutMs: number;
  /** From a delete request to its answer; about 4 s at the service. */
  readonly deleteMs: number;
}

export const defaultGroupTimings: GroupTimings = {
  pendingMs: 150,
  pullMs: 150,
  startMs: 100,
  settleMs: 30,
  restartMs: 200,
  pullRetryMs: 300,
  provisioningTimeoutMs: 30 * 60_000,
  deleteMs: 100,
};

/** Whether the group gets to `Succeeded`, whatever its container does then. */
export function comesUp({ kind }: Fate): boolean {
  return kind === "healthy" || kind === "does-nothing" || kind === "crashes-at-start";
}

/** What the container runs instead of its own command, if its fate says so. */
export function commandOf(fate: Fate): readonly string[] | undefined {
  if (fate.kind === "does-nothing") return ["/bin/sleep", "infinity"];
  if (fate.kind !== "crashes-at-start") return undefined;
  return ["/bin/bash", "-c", `echo "${fate.reason}" >&2; exit ${fate.exitCode}`];
}
