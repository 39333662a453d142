// A story in which every secret is looked for, and the parts that such stories are made of.
import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { type FinishedTask, runPostJob } from "../harness/run-task.ts";
import { type Scene, story } from "../scenario/scenario.ts";
import type { Step } from "../scenario/step.ts";
import { Canary, told } from "./canary.ts";
import { lookAround } from "./job-view.ts";
import { poolKey } from "./unseal.ts";

type Body = (canary: Canary, scene: Scene) => Promise<void>;

/** The one secret that a job can see: the key of the very agent that it runs on (README, "What a job can see"). */
const ownKey =
  /^agent's key, \w+: container's files\/(mnt\/ephemeral-agent\/start\/rsaparams\.json|azp\/agent\/\.credentials_rsaparams)$/;

/** A simulated container has one user, root, who reads what the start script closes to others (test/containers). */
const ofRoot = /^standby pool's private key: container's files\/mnt\/ephemeral-agent\/start\/standby\.pem$/;

/** What a user gives to a container as a secret is in the request for it, and in nothing that anybody can read afterwards. */
const ofUser = /^the user's [\w ]+: PUT \//;

/** Tells a story and searches for every secret in everything that it left. */
export function canary(title: string, body: Body): void {
  story(title, async (scene) => {
    const bird = new Canary(scene);
    await body(bird, scene);
    const places = await bird.places();
    assert.deepEqual(
      bird.secrets.hits(places).filter((hit) => !ownKey.test(hit) && !ofRoot.test(hit) && !ofUser.test(hit)),
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

/** Keeps an agent ready in a standby pool, whose private key is one of the secrets from now on. */
export async function withStandbyPool(bird: Canary, { simulator }: Scene): Promise<Readonly<Record<string, string>>> {
  await simulator.standbyPool().ready(1);
  const pem = poolKey(simulator);
  const { d = "", p = "", q = "" } = createPrivateKey(pem).export({ format: "jwk" });
  // The lines near the end are of its private half: the first ones hold the modulus, which is public.
  const lines = pem.trim().split("\n").slice(-6, -2);
  const fields = [d, p, q].map((field) => Buffer.from(field, "base64url").toString("base64"));
  for (const part of [...lines, ...fields]) bird.secrets.add("standby pool's private key", part);
  return { standbyPool: "agents" };
}
