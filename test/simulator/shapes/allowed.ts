/** A difference between the simulator and the recordings that is meant to be. */
export interface Allowed {
  readonly key: string;
  /** As the comparison words it. */
  readonly difference: string;
  readonly reason: string;
}

/** @returns what differs without being allowed to */
export const unexpected = (allowed: readonly Allowed[], key: string, found: readonly string[]): string[] =>
  found.filter((difference) => !allowed.some((each) => each.key === key && each.difference === difference));
