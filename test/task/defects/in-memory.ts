// What the core does when services fail, in memory.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type AgentPool, ServiceFault } from "../../../EphemeralAgentTask/src/ports.ts";
import { parse } from "../../../EphemeralAgentTask/src/settings/parse-settings.ts";
import { Scenario } from "../../actions/in-memory-step.ts";
import { rawEndpoint, rawTask, subscription } from "../../in-memory/raw-inputs.ts";
import { made } from "../../settings/inputs/rows.ts";

/** A run whose deploy job is queued beside it, in memory. */
export function deploying(): Scenario {
  const s = new Scenario();
  s.world.placeholder();
  s.timeline({ deploy: "inProgress" });
  s.world.queue({ runId: "101" });
  return s;
}

/** The first error that `run` tells. */
export async function told(s: Scenario, overrides: Parameters<Scenario["step"]>[1] = {}): Promise<string> {
  const step = s.step("run", overrides);
  await s.finish(step);
  return step.task.errors[0] ?? "";
}

/** A pool whose first removals fail. */
export function stumbling(pool: AgentPool, times: number): { readonly tries: () => number } {
  const { remove } = pool;
  let tries = 0;
  pool.remove = async (id) => {
    tries += 1;
    if (tries > times) return remove(id);
    throw new ServiceFault("Azure DevOps", "503", "The service is busy.", { status: 503, retryable: true });
  };
  return { tries: () => tries };
}

/** The cloud that a container is told to delete itself in. @param environment that the connection names, if any */
export function cloudOf(environment: string): string | undefined {
  const identity = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id`;
  const azure = rawEndpoint(
    { serviceprincipalid: "c", serviceprincipalkey: "k", tenantid: "t" },
    { subscriptionid: subscription, ...(environment === "" ? {} : { environment }) },
  );
  const inputs = { agentRegistration: "container", selfDestruct: "true", userAssignedIdentities: identity };
  const parsed = parse(rawTask({ inputs, endpoints: { azure } }));
  assert.ok("settings" in parsed);
  return made(parsed.settings).azure.environment;
}

/** What a sample uses and does not define, or writes together with something else. */
export function slipsIn(sample: string): string[] {
  const file = new URL(`../../../samples/${sample}/azure-pipelines.yml`, import.meta.url);
  const text = readFileSync(fileURLToPath(file), "utf8");
  const defined = [...text.matchAll(/^ {2}(\w+): /gm)].map(([, name]) => name);
  const used = [...text.matchAll(/\$\(([\w.]+)\)(\w?)/g)];
  assert.ok(used.length > 0);
  return used
    .filter(([, name = "", letter]) => {
      const known = /^(Build|System|Pipeline|Agent)\./.test(name) || defined.includes(name);
      return !known || (letter !== "" && !name.endsWith("Url"));
    })
    .map(([whole]) => whole);
}
