// Steps that are killed when a certain request of theirs arrives.

import assert from "node:assert/strict";
import type { Run } from "../../../simulator/devops/runs/runs.ts";
import type { FinishedTask } from "../harness/run-task.ts";
import type { Scene } from "../scenario/scenario.ts";
import { nthRequest, ownConnection } from "./own-requests.ts";

/** As many steps as there are moments, side by side; each is killed when the request arrives that is its moment. */
export async function killEach(scene: Scene, moments: readonly number[]): Promise<{ run: Run; main: FinishedTask }[]> {
  const { simulator } = scene;
  scene.expectRefusal(/^0 /);
  return Promise.all(
    moments.map(async (nth, index) => {
      const { clientId, endpoints } = ownConnection(simulator, `step-${nth}`);
      const step = scene.step({ action: index % 2 === 0 ? "run" : "create" }, { endpoints });
      const when = nthRequest(simulator, { clientId, jobToken: step.start.jobToken }, nth);
      const main = await step.execute({ signals: [{ signal: "SIGKILL", when }] });
      assert.equal(main.exitCode, 137, `request ${nth} came after the end:\n${main.log}`);
      return { run: step.run, main };
    }),
  );
}

/** From the first request to the one that asks for the container group, and some after it. */
const moments = Array.from({ length: 24 }, (_, index) => index + 1);

export const every = (n: number, offset: number) => moments.filter((one) => one % n === offset);

/** Makes every step's container do nothing: the agents stay idle. */
export const idle = ({ simulator }: Scene) => void simulator.arm.inject("does-nothing");
