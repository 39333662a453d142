// How Azure limits creates: so many in 5 minutes and in an hour (facts aci-azure-sdk §2.3).
import { type CreateAllowance, ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import type { WorldRules } from "./world-rules.ts";

const minute = 60_000;

/** Counts a create. @throws `ServiceFault` as Azure refuses the ones beyond its limits */
export function countCreate(world: WorldRules, { in5Minutes, inHour }: Required<CreateAllowance>): CreateAllowance {
  const { clock, creates } = world;
  const left = (limit: number, lengthMs: number) => {
    const within = creates.filter((at) => at > clock.now() - lengthMs);
    if (within.length < limit) return limit - within.length - 1;
    const retryAfterMs = (within.at(-limit) ?? 0) + lengthMs - clock.now();
    throw new ServiceFault("Azure", "TooManyRequests", "the limit of creates is reached.", {
      ...{ status: 429, retryable: true, retryAfterMs },
    });
  };
  const allowance = { inHour: left(inHour, 60 * minute), in5Minutes: left(in5Minutes, 5 * minute) };
  creates.push(clock.now());
  return allowance;
}
