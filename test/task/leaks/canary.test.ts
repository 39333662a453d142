// No secret that the task is given, or that comes into being for it, is seen by anybody else: not in what is printed, not
// in Azure, not in the pool, not in an address, not in the container. Whatever happens to the step.
import assert from "node:assert/strict";
import type { SimRequest, SimResponse } from "../../../simulator/http/site.ts";
import { tasks } from "../../simulator/worker/job.ts";
import { askAzure } from "../bundle/operator.ts";
import { unregistration } from "../bundle/requests.ts";
import { type Scene, type scenario, story } from "../bundle/scenario.ts";
import { line } from "../bundle/seen.ts";
import type { Step } from "../bundle/step.ts";
import { type FinishedTask, runPostJob, runTask } from "../harness/run-task.ts";
import { Canary, told } from "./canary.ts";
import { lookAround } from "./inside.ts";
import { look } from "./readers.ts";
import { Secrets } from "./secrets.ts";

type Body = (canary: Canary, scene: Scene) => Promise<void>;

/** The one secret that a job can see: the key of the very agent that it runs on (README, "What a job can see"). */
const ownKey =
  /^agent's key, \w+: container's files\/(mnt\/ephemeral-agent\/start\/rsaparams\.json|azp\/agent\/\.credentials_rsaparams)$/;

/** Tells a story and searches for every secret in everything that it left. */
function canary(title: string, body: Body, tell: typeof scenario = story): void {
  tell(title, async (scene) => {
    const bird = new Canary(scene);
    await body(bird, scene);
    const places = await bird.places();
    assert.deepEqual(
      bird.secrets.hits(places).filter((hit) => !ownKey.test(hit)),
      [],
    );
  });
}

const withPassword = ({ simulator }: Scene) => ({
  imageName: simulator.ready.privateImage,
  containerRegistry: "other-registry",
});
const withPrincipal = (scene: Scene) => ({ ...withPassword(scene), containerRegistry: "agent-registry" });

const demand = ({ run }: Step) => [`EphemeralAgent.Run -equals ${run.id}`];

/** Both stages of a step; its main stage has ended. */
async function end(bird: Canary, main: FinishedTask, { echoes = false } = {}): Promise<void> {
  bird.add([...told("step", main, echoes), ...told("post-job step", await runPostJob(main), echoes)]);
}

/** A job of the step's run that looks around in its container. */
async function jobThatLooksAround(bird: Canary, step: Step): Promise<void> {
  const inside = lookAround();
  const { result } = await step.queueJob(inside.script, demand(step)).outcome;
  assert.equal(result, "succeeded");
  const places = inside.places();
  assert.ok(places.some(([where]) => where === "container's processes"));
  bird.add([...places, ["job's log", step.jobLines.items.join("\n")]]);
}

for (const [who, token] of [
  ["a personal access token", undefined],
  ["its job's own token", ""],
] as const) {
  const given = token === undefined ? {} : { azureDevOpsToken: token };

  describe(`Secrets of a step with ${who}`, () => {
    canary("stay secret in `run`, from beginning to end", async (bird, scene) => {
      const step = bird.step({ action: "run", ...withPassword(scene), ...given });
      const ended = step.execute();
      await line(step.lines, /container group requested/);
      await jobThatLooksAround(bird, step);
      const main = await ended;
      assert.equal(main.result, "succeeded", main.log);
      await end(bird, main);
      const expected = ["access token for Azure", "agent's key, d", "agent's key, p", "password of the registry"];
      for (const name of [...expected, "token of a job or an agent"])
        assert.ok(bird.secrets.names.includes(name), name);
    });

    canary("stay secret in `create` and `remove`", async (bird, scene) => {
      const created = bird.step({ action: "create", ...withPrincipal(scene), ...given });
      await end(bird, await created.execute());
      await jobThatLooksAround(bird, created);
      // What only somebody gets who may delete the group.
      const [group] = scene.simulator.arm.containerGroups();
      const deleted = await askAzure(scene.simulator, group?.id ?? "", { method: "DELETE" });
      assert.equal(deleted.status, 200);
      bird.add([["answer to the deletion of the container group", deleted.text]]);
      const removed = await bird.step({ action: "remove", ...given }, { run: created.run }).execute();
      assert.equal(removed.result, "succeeded", removed.log);
      await end(bird, removed);
    });

    canary("stay secret in a `sweep`", async (bird, scene) => {
      const { run } = await leftover(bird, scene);
      run.complete("failed");
      const swept = await bird.step({ action: "sweep", ...given }).execute();
      assert.equal(swept.result, "succeeded", swept.log);
      await end(bird, swept);
    });
  });
}

for (const [how, ending] of [
  ["cancelled", (when: Promise<unknown>) => ({ cancelWhen: when })],
  ["killed", (when: Promise<unknown>) => ({ signals: [{ signal: "SIGKILL" as const, when }] })],
] as const) {
  describe(`Secrets of a step that is ${how}`, () => {
    for (const action of ["run", "create"]) {
      canary(`stay secret in a \`${action}\``, async (bird, scene) => {
        scene.expectRefusal(/^0 /);
        scene.simulator.arm.inject("does-nothing");
        const step = bird.step({ action, ...withPassword(scene) });
        const main = await step.execute(ending(line(step.lines, /container running$/)));
        assert.notEqual(main.result, "succeeded");
        await end(bird, main);
      });
    }

    for (const action of ["remove", "sweep"]) {
      canary(`stay secret in a \`${action}\``, async (bird, scene) => {
        scene.expectRefusal(/^0 /);
        const { run } = await leftover(bird, scene);
        if (action === "sweep") run.complete("failed");
        scene.simulator.faults.add({ site: "devops", method: "DELETE", times: 1, effect: { delayMs: 20_000 } });
        const step = bird.step({ action }, action === "remove" ? { run } : {});
        await end(bird, await step.execute(ending(scene.simulator.requests.seen(unregistration))));
        await end(bird, await bird.step({ action: "remove" }, { run }).execute());
      });
    }
  });
}

describe("Secrets that were typed into the pipeline", () => {
  const secrets = new Secrets();
  const known = (name: string, value: string): string => {
    secrets.add(name, value);
    return value;
  };
  const typed = (name: string) => known(name, `typed-in-${name}-with-a-;-and-a-%-in-it`);
  const key = (name: string) => known(name, Buffer.from(`key-of-the-${name}`.padEnd(64, "~")).toString("base64"));
  const reachable = {
    secretEnvironmentVariables: `FIRST_OF_ALL=${typed("first")}\nSECOND=${typed("second")}`,
    agentProxyUrl: "http://proxy.contoso.com:3128",
    agentProxyUsername: "agents",
    agentProxyPassword: typed("proxy"),
  };
  const refused = {
    ...reachable,
    volumes: `azureFile share=cache account=stshop key=${key("storage")} mountPath=/cache`,
    logAnalyticsWorkspaceId: "11111111-2222-3333-4444-555555555555",
    logAnalyticsWorkspaceKey: key("workspace"),
  };
  const variables = { "System.Debug": "true" };

  story("are seen by nobody else when a container gets them", async (scene) => {
    scene.simulator.arm.inject("does-nothing");
    const step = scene.step({ action: "create", timeoutAgentOnline: "0", ...reachable }, { variables });
    const main = await step.execute();
    assert.equal(main.result, "succeeded", main.log);
    const seen = await look(scene.simulator);
    assert.ok(seen.some(([where, text]) => where === "container group" && text.includes("FIRST_OF_ALL")));
    assert.deepEqual(secrets.hits([...told("step", main, false), ...seen]), []);
    step.run.complete("failed");
    await scene.step({ action: "sweep" }).execute();
  });

  story("are seen by nobody when none gets them", async (scene) => {
    scene.expectRefusal(/^400 arm PUT /);
    const error = { code: "InvalidRequestContent", message: "The request content was invalid." };
    scene.simulator.faults.add({ site: "arm", method: "PUT", effect: { status: 400, body: { error } } });
    const main = await scene.step({ action: "run", ...refused }, { variables }).execute();
    assert.match(main.log, /EA208/);
    assert.deepEqual(secrets.hits(told("step", main, false)), []);
  });
});

/** An agent whose job is over and that nobody removed. */
async function leftover(bird: Canary, scene: Scene): Promise<Step> {
  const step = bird.step({ action: "create", ...withPassword(scene) });
  await end(bird, await step.execute());
  await step.queueJob("true", demand(step)).outcome;
  return step;
}

const credentials = ({ headers }: SimRequest) => `Request headers: Authorization: ${headers.authorization}`;
const refusedBy = (message: string): SimResponse => ({
  status: 403,
  body: { typeKey: "AccessDeniedException", message, error: { code: "AuthorizationFailed", message } },
});

describe("A refusal that repeats a secret", () => {
  for (const [what, action, fault, status] of [
    ["the registration", "run", { site: "devops", method: "POST", path: /\/agents\?|\/agents$/ }, /^403 devops POST /],
    ["the creation", "run", { site: "arm", method: "PUT" }, /^403 arm PUT /],
    ["the look for the pool", "run", { site: "devops", path: "/pools" }, /^403 devops GET /],
    ["the unregistration", "remove", { site: "devops", method: "DELETE", path: /\/agents\/\d+/ }, /^403 /],
    ["the deletion", "remove", { site: "arm", method: "DELETE" }, /^403 arm DELETE /],
    ["the unregistration", "sweep", { site: "devops", method: "DELETE", path: /\/agents\/\d+/ }, /^403 /],
    ["the deletion", "sweep", { site: "arm", method: "DELETE" }, /^403 arm DELETE /],
  ] as const) {
    canary(`of ${what} is told without it by \`${action}\``, async (bird, scene) => {
      scene.expectRefusal(status);
      const left = action === "run" ? undefined : (await leftover(bird, scene)).run;
      if (action === "sweep") left?.complete("failed");
      const refusing = scene.simulator.faults.add({
        ...fault,
        effect: { call: (request) => refusedBy(`Not allowed. ${credentials(request)} (${bird.pat})`) },
      });
      const step = bird.step({ action, ...withPassword(scene) }, left && action === "remove" ? { run: left } : {});
      const main = await step.execute();
      refusing.remove();
      assert.equal(main.result, "failed");
      assert.match(main.log, /Not allowed\. Request headers: Authorization: (Basic|Bearer) \*\*\*/);
      await end(bird, main, { echoes: true });
      if (left) await end(bird, await bird.step({ action: "remove" }, { run: left }).execute());
    });
  }

  canary("of the registry is told without its password", async (bird, scene) => {
    scene.expectRefusal(/^400 arm PUT /);
    const { registryPassword } = scene.simulator.ready;
    const message = `The image is not accessible with user 'shop' and password '${registryPassword}'.`;
    const effect = { status: 400, body: { error: { code: "InaccessibleImage", message } } };
    scene.simulator.faults.add({ site: "arm", method: "PUT", effect });
    const main = await bird.step({ action: "create", ...withPassword(scene) }).execute();
    assert.match(main.log, /EA401 .*password '\*\*\*'/s);
    await end(bird, main, { echoes: true });
  });

  canary("of Microsoft Entra ID is told without the secret", async (bird, scene) => {
    scene.expectRefusal(/^401 login /);
    const { clientSecret } = scene.simulator.ready;
    const said = `AADSTS7000215: Invalid client secret provided: '${clientSecret}'.`;
    const effect = { status: 401, body: { error: "invalid_client", error_description: said } };
    const refusing = scene.simulator.faults.add({ site: "login", method: "POST", effect });
    const main = await bird.step({ action: "run", ...withPassword(scene) }).execute();
    refusing.remove();
    assert.match(main.log, /EA201 .*AADSTS7000215.*'\*\*\*'/s);
    await end(bird, main, { echoes: true });
  });
});

describe("The search for secrets", () => {
  canary("finds what is hidden in every place that it looks at", async (bird, scene) => {
    // An agent's name is no secret and is everywhere.
    const marker = "canary-in-a-coal-mine";
    const planted = new Secrets();
    planted.add("marker", marker);
    const step = bird.step({ action: "create", agentPrefix: marker, ...withPassword(scene) });
    const main = await step.execute();
    const inside = lookAround();
    await step.queueJob(inside.script, demand(step)).outcome;
    const [group] = scene.simulator.arm.containerGroups();
    const deleted = await askAzure(scene.simulator, group?.id ?? "", { method: "DELETE" });
    await bird.step({ action: "remove" }, { run: step.run }).execute();
    bird.add([...told("step", main, false), ...inside.places(), ["deletion", deleted.text]]);
    const hits = planted.hits(await bird.places());
    for (const place of [
      /^marker: step: log$/,
      /^marker: step: line \d+ of the output$/,
      /^marker: step: output agentName$/,
      /^marker: list of container groups$/,
      /^marker: container group$/,
      /^marker: deletion$/,
      /^marker: agents of the pool$/,
      /^marker: job requests of the pool$/,
      /^marker: address of a request$/,
      /^marker: PUT \//,
      /^marker: file agent\.json of the container's volume$/,
      /^marker: container's environment$/,
      /^marker: container's environments$/,
      /^marker: container's processes$/,
      /^marker: container's files\/azp\/agent\/\.agent$/,
    ]) {
      assert.ok(
        hits.some((hit) => place.test(hit)),
        `${place} in\n${hits.join("\n")}`,
      );
    }
  });

  it("looks at task variables, progress, issues and summaries, too", async () => {
    const secrets = new Secrets();
    secrets.add("token", "the-token-of-this-job");
    const code = `
      const fs = require("node:fs");
      fs.writeFileSync("summary.md", "the-token-of-this-job");
      console.log("##vso[task.settaskvariable variable=state]the-token-of-this-job");
      console.log("##vso[task.settaskvariable variable=hidden;issecret=true]it is the-token-of-this-job");
      console.log("##vso[task.setprogress value=1]the-token-of-this-job");
      console.log("##vso[task.logissue type=error]the-token-of-this-job");
      console.log("##vso[task.uploadsummary]" + process.cwd() + "/summary.md");`;
    const start = { taskFolder: tasks.Probe, jobToken: "another token", collectionUrl: "https://localhost:1/contoso/" };
    const run = await runTask({ ...start, inputs: { code, postCode: "" } });
    const hits = secrets.hits(told("step", run, false)).filter((hit) => !hit.includes("of the output"));
    assert.deepEqual(hits, [
      "token: step: log",
      "token: step: issue",
      "token: step: task variable state",
      "token: step: progress",
      "token: step: summary",
    ]);
  });

  for (const [how, form] of [
    ["as it is", (secret: string) => secret],
    ["in an address", encodeURIComponent],
    ["in JSON", (secret: string) => JSON.stringify({ secret })],
    ["in a `Basic` header", (secret: string) => Buffer.from(`:${secret}`).toString("base64")],
    ["in base64, somewhere", (secret: string) => Buffer.from(`ab${secret}\n`).toString("base64")],
    ["in base64 for addresses", (secret: string) => Buffer.from(`a${secret}`).toString("base64url")],
  ] as const) {
    it(`finds one that is written ${how}`, () => {
      const secrets = new Secrets();
      secrets.add("secret", 'p~"ss>?word/with+odd%letters');
      assert.deepEqual(secrets.hits([["here", `before ${form('p~"ss>?word/with+odd%letters')} after`]]), [
        "secret: here",
      ]);
      assert.deepEqual(secrets.hits([["here", "before p~ss>?word/with+odd%letters after"]]), []);
    });
  }

  it("finds one part of a token, and a key's bytes in another encoding", () => {
    const secrets = new Secrets();
    secrets.add("token", `eyJhbGciOiJub25lIn0.${"c".repeat(30)}.${"s".repeat(43)}`);
    assert.deepEqual(secrets.hits([["here", "s".repeat(43)]]), ["token: here"]);
    assert.deepEqual(secrets.hits([["here", "eyJhbGciOiJub25lIn0"]]), [], "what all tokens begin with is none");
    const bytes = Buffer.from("0123456789abcdef0123456789abcdef0123456789abcdef");
    secrets.add("key", bytes.toString("base64"));
    const der = Buffer.concat([Buffer.from([2, 48]), bytes]).toString("base64url");
    assert.deepEqual(secrets.hits([["here", der]]), ["key: here"]);
  });
});
