// A story in which every secret is looked for, and the parts that such stories are made of.
import assert from "node:assert/strict";
import { type Scene, story } from "../bundle/scenario.ts";
import type { Step } from "../bundle/step.ts";
import { type FinishedTask, runPostJob } from "../harness/run-task.ts";
import { Canary, told } from "./canary.ts";
import { lookAround } from "./inside.ts";

type Body = (canary: Canary, scene: Scene) => Promise<void>;

/** The one secret that a job can see: the key of the very agent that it runs on (README, "What a job can see"). */
const ownKey =
  /^agent's key, \w+: container's files\/(mnt\/ephemeral-agent\/start\/rsaparams\.json|azp\/agent\/\.credentials_rsaparams)$/;

/** Tells a story and searches for every secret in everything that it left. */
export function canary(title: string, body: Body): void {
  story(title, async (scene) => {
    const bird = new Canary(scene);
    await body(bird, scene);
    const places = await bird.places();
    assert.deepEqual(
      bird.secrets.hits(places).filter((hit) => !ownKey.test(hit)),
      [],
    );
  });
}

export const withPassword = ({ simulator }: Scene) => ({
  imageName: simulator.ready.privateImage,
  containerRegistry: "other-registry",
});
export const withPrincipal = (scene: Scene) => ({ ...withPassword(scene), containerRegistry: "agent-registry" });

export const demand = ({ run }: Step) => [`EphemeralAgent.Run -equals ${run.id}`];

/** Both stages of a step; its main stage has ended. */
export async function end(bird: Canary, main: FinishedTask, { echoes = false } = {}): Promise<void> {
  bird.add([...told("step", main, echoes), ...told("post-job step", await runPostJob(main), echoes)]);
}

/** A job of the step's run that looks around in its container. */
export async function jobThatLooksAround(bird: Canary, step: Step): Promise<void> {
  const inside = lookAround();
  const { result } = await step.queueJob(inside.script, demand(step)).outcome;
  assert.equal(result, "succeeded");
  const places = inside.places();
  assert.ok(places.some(([where]) => where === "container's processes"));
  bird.add([...places, ["job's log", step.jobLines.items.join("\n")]]);
}

/** An agent whose job is over and that nobody removed. */
export async function leftover(bird: Canary, scene: Scene): Promise<Step> {
  const step = bird.step({ action: "create", ...withPassword(scene) });
  await end(bird, await step.execute());
  await step.queueJob("true", demand(step)).outcome;
  return step;
}
