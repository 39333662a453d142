import { patient, type Retrier } from "../../../EphemeralAgentTask/src/lifecycle/step/retry.ts";
import { ServiceFault } from "../../../EphemeralAgentTask/src/ports.ts";
import { VirtualClock } from "../../in-memory/virtual-clock.ts";

export const busy = (details: ConstructorParameters<typeof ServiceFault>[3]) =>
  new ServiceFault("Azure", "Busy", "later", details);

export function setUp(policy = patient) {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const pauses: number[] = [];
  const retrier: Retrier = { clock, policy, signal: stop.signal, onRetry: (_, pause) => pauses.push(pause) };
  return { clock, stop, pauses, retrier };
}
