// Prepares a standby pool when a pipeline file needs one.
import { samplesImage } from "../../../simulator/registry/initial-images.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";

/**
 * Keeps an agent ready when the file asks for a standby pool, as samples/setup/standby-pool.sh does.
 * @param say told of what takes time
 */
export async function prepareStandbyPool(
  simulator: Pick<Simulator, "standbyPool">,
  yaml: string,
  say: (line: string) => void,
): Promise<void> {
  if (!/^ *standbyPool:/m.test(yaml)) return;
  const pool = simulator.standbyPool(samplesImage);
  say(`The standby pool ${pool.name} starts an agent that waits …`);
  await pool.ready(1);
}
