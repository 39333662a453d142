// What a run keeps of a step, and what it must not keep.
import assert from "node:assert/strict";
import type { ContainerHost } from "../../EphemeralAgentTask/src/ports.ts";
import { attachable } from "../../EphemeralAgentTask/src/report/attachment-content.ts";
import { defaultPrices } from "../../EphemeralAgentTask/src/report/cost-estimate.ts";
import type { StepRecord } from "../../EphemeralAgentTask/src/report/step-record.ts";
import { Recorder } from "../../EphemeralAgentTask/src/report/step-recorder.ts";
import { markdownOf } from "../../EphemeralAgentTask/src/report/summary-page.ts";
import { remember, withoutSecretsInLogs } from "../../EphemeralAgentTask/src/taskhost/secrets/known-secrets.ts";
import { failed, step } from "../results-tab/stories.ts";

const secret = "canary-of-the-summary";
const lines = Array.from({ length: 1_000 }, (_, index) => `line ${index}`).join("\n");

/** The record of a step whose agent failed and left this log. */
function recordWith(log: string): StepRecord {
  const recorder = new Recorder("agents");
  recorder.log(failed.name, log);
  recorder.failed(failed.name, failed.error ?? assert.fail());
  return step({ agents: recorder.agents(defaultPrices, { canceled: false }, 0) });
}

describe("What a step attaches", () => {
  it("has no piece of a secret across the log's cut", () => {
    for (let into = 1; into < secret.length; into++) {
      const tail = "|".repeat(4_000 - into);
      const clean = attachable(recordWith(`${lines}\n${secret}${tail}`), [secret]);
      const piece = secret.slice(-into);
      assert.ok(!JSON.stringify(clean).includes(`${piece}|`), piece);
      assert.ok(
        !markdownOf(clean).includes(`${piece}|`.replaceAll(/[-|]/g, (one) => `&#${one.charCodeAt(0)};`)),
        piece,
      );
      const kept = clean.agents[0]?.log ?? "";
      assert.ok(kept.endsWith(tail.slice(0, 3_000)) && kept.length <= 4_000, "the end of the log is kept, no more");
    }
  });

  it("begins a log that is too long with a whole line", () => {
    const [agent] = attachable(recordWith(lines), []).agents;
    assert.match(agent?.log ?? "", /^line \d+\n/);
    assert.match(agent?.log ?? "", /\nline 999$/);
  });
});

describe("The log of a container", () => {
  it("is read without any secret, before anybody quotes a part of it", async () => {
    remember(secret);
    const text = `failed with ${secret}.`;
    const host = withoutSecretsInLogs({ log: async () => text } as unknown as ContainerHost);
    assert.equal(await host.log("agent", 10), "failed with ***.");
  });
});
