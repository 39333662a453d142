// When a container that ended is restarted.

export interface RestartRule {
  readonly policy: "Always" | "OnFailure" | "Never";
  /**
   * Whether `Never` restarts a container once that exited non-zero. The documentation says that this may happen, not
   * how often (facts aci-azure-sdk §3.5).
   */
  readonly nonZeroExitUnderNever: boolean;
}

/** @param before how many times this container was restarted already. */
export function restartsAfter(rule: RestartRule, exitCode: number, before: number): boolean {
  if (rule.policy === "Always") return true;
  if (exitCode === 0) return false;
  return rule.policy === "OnFailure" || (rule.nonZeroExitUnderNever && before === 0);
}
