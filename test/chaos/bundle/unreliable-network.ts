// A network that answers rudely now and then, drawn from a seed.
import { fileURLToPath } from "node:url";
import { addLag } from "../../../simulator/http/delayed-reads.ts";
import { answers } from "../../../simulator/http/network-failures.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { type Point, requests } from "../../task/fault-matrix/requests.ts";

/** Faults in force at the same time, and the chance of each to strike a request that it fits. */
const atOnce = 25;
const chance = 0.3;

/** What the agents in the containers ask for as well. */
const notTheTasksAlone = new Set<string>([
  "agent's token",
  "caller",
  "addresses of the pools",
  "addresses of the locations",
]);

const points: readonly Point[] = Object.entries(requests).flatMap(([name, point]) =>
  notTheTasksAlone.has(name) ? [] : [point],
);

/**
 * Lets some requests get some answers, and reads lag behind, from now on.
 * @returns ends it, and says how many requests were struck
 */
export function beRude({ faults }: Simulator, random: () => number): () => number {
  const pick = <Item>(from: readonly Item[]): Item => from[Math.floor(random() * from.length)] as Item;
  const rude = Object.values(answers);
  const added = Array.from({ length: atOnce }, () =>
    faults.add({ ...pick(points), probability: chance, times: 1 + Math.floor(random() * 3), effect: pick(rude) }),
  );
  const endLag = random() < 0.3 ? addLag(faults, { listsMs: 500, recordsMs: 300 }) : () => undefined;
  return () => {
    endLag();
    for (const fault of added) fault.remove();
    return added.reduce((sum, { hits }) => sum + hits, 0);
  };
}

/** A step's environment in which a minute of waiting takes seconds. */
export const hurried = ({ caFile }: Simulator): Readonly<Record<string, string>> => ({
  NODE_EXTRA_CA_CERTS: caFile,
  NODE_OPTIONS: `--require=${fileURLToPath(new URL("../../task/fault-matrix/fast-clock.cjs", import.meta.url))}`,
  CLOCK_SPEED: "10",
});
