// The times that somebody chooses on the simulator's command line, seen from outside.
import assert from "node:assert/strict";
import { send } from "../devops/fixture/https-request.ts";
import { HandAgent } from "../devops/fixture/manual-agent.ts";
import { ask } from "../http/plain-request.ts";
import { SimCommand, type Started, stop, tokenOf } from "../sim-command.ts";

/** An answer may come a moment before a clock of another kind says so. */
const roundingMs = 20;

describe("the simulator's command line", () => {
  let command: SimCommand;
  beforeEach(async () => {
    command = await SimCommand.inFolder();
  });
  afterEach(() => command.close());

  /** Milliseconds that a request for container groups takes. */
  async function took({ ready }: Started, name: string): Promise<number> {
    const { arm, subscriptionId, resourceGroup, caFile } = ready;
    const headers = { authorization: `Bearer ${await tokenOf(ready)}` };
    const group = `${arm}/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
    const url = `${group}/providers/Microsoft.ContainerInstance/containerGroups${name}?api-version=2023-05-01`;
    const began = performance.now();
    await ask(caFile, url, { headers });
    return performance.now() - began + roundingMs;
  }

  for (const { args, told } of [
    { args: ["--pace", "recorded", "--seed", "7"], told: /Container groups take recorded times, drawn with seed 7\./ },
    { args: ["--pace", "median"], told: /Container groups take the median of the recorded times\./ },
  ]) {
    it(`takes ${args.join(" ")}: says so, and answers no sooner than the service did`, async () => {
      const simulator = await command.start(args);
      assert.match(simulator.line, told);
      assert.ok((await took(simulator, "")) >= 2_000, "every recorded list took 2 s");
      if (args.includes("median")) assert.ok((await took(simulator, "/none")) >= 1_000, "half of the reads took 1 s");
      assert.equal(await stop(simulator), 0);
    });
  }

  it("takes --real-time: an agent that does not poll is believed in when others are given up", async () => {
    const [real, usual] = [await command.start(["--real-time"], "real"), await command.start([], "usual")];
    const listen = async ({ ready }: Started) => {
      const { caFile, organizationUrl, pat } = ready;
      const call: HandAgent["stand"]["call"] = (method, path, more = {}) =>
        send(caFile, method, new URL(path, organizationUrl), { token: pat, ...more });
      const agent = await HandAgent.online({ call });
      return async () => (await call("GET", `_apis/distributedtask/pools/1/agents/${agent.id}`)).json.status;
    };
    const patient = await listen(real);
    const impatient = await listen(usual);
    while ((await impatient()) === "online");
    assert.deepEqual([await patient(), await impatient()], ["online", "offline"]);
    assert.deepEqual([await stop(real), await stop(usual)], [0, 0]);
  });

  it("refuses other paces, and a seed that nothing is drawn with", async () => {
    for (const [args, words] of [
      [["--pace", "fast"], /^--pace is 'fast'; allowed: recorded, median$/m],
      [["--pace", "recorded", "--seed", "x"], /^--seed is 'x'; allowed: a whole number$/m],
      [["--seed", "1"], /^--seed takes --pace$/m],
    ] as const) {
      const { code, errors } = await command.ended("--ready-file", "f", ...args);
      assert.equal(code, 1);
      assert.match(errors, words);
      assert.match(errors, /^Usage: npm run sim -- /m);
    }
  });

  it("tells of all that on request", async () => {
    const { code, output } = await command.ended("--help");
    assert.equal(code, 0);
    for (const option of ["--ready-file FILE", "--shell", "--request-log FILE", "--pace recorded", "--pace median"])
      assert.match(output, new RegExp(`^  ${option} `, "m"));
    for (const option of ["--seed N", "--real-time"]) assert.match(output, new RegExp(`^  ${option} `, "m"));
  });
});
