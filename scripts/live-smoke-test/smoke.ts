// The live smoke test: every point in order, then what is left is removed, whatever happened.

import { systemTime } from "../../EphemeralAgentTask/src/http/service-time.ts";
import type { Transport } from "../../EphemeralAgentTask/src/http/transport.ts";
import { environmentProxy } from "../../EphemeralAgentTask/src/taskhost/proxy-environment.ts";
import { version } from "../../EphemeralAgentTask/src/version.ts";
import { refusalPoints } from "./azure-points.ts";
import { containerPoints } from "./container-points.ts";
import { missingAgentPoint, registrationPoints } from "./devops-points.ts";
import { type Finding, find, type Point, seen } from "./point.ts";
import { type Bench, benchFor, cleanUp } from "./smoke-test-resources.ts";
import { type Place, secretsOf } from "./smoke-test-target.ts";

interface Result {
  /** Of the product. */
  readonly version: string;
  readonly date: string;
  readonly node: string;
  readonly region: string;
  readonly findings: readonly Finding[];
}

/** Hides every secret that came up, and whatever looks like a token. */
export function redacted(text: string, secrets: Iterable<string>): string {
  const hidden = [...secrets].filter((secret) => secret !== "").sort((one, other) => other.length - one.length);
  const known = hidden.reduce((shown, secret) => shown.replaceAll(secret, "***"), text);
  return known.replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "***");
}

/** Seen by another request, after the cleanup. */
function nothingLeft({ host, pool, plan }: Bench): Point {
  return {
    id: "A6",
    what: "Nothing is left",
    expected: "no agent and no container group of this test",
    look: async () => {
      const agents = (await pool.list()).filter(({ name }) => name === plan.name);
      const groups = (await host.list()).filter(({ name }) => name.startsWith(plan.name));
      return seen(agents.length + groups.length === 0, `${agents.length} agents, ${groups.length} container groups`);
    },
  };
}

/**
 * @param tell of each point when it is found
 * @param caFile certificates to trust besides the usual ones
 * @returns what was found, without secrets
 * @throws `ServiceFault`, `TaskError` when the pool, the resource group or the subnet cannot be read
 */
export async function smokeTest(place: Place, tell: (finding: Finding) => void, caFile?: string): Promise<Result> {
  const secrets = new Set(secretsOf(place));
  const transport: Transport = {
    time: systemTime(),
    proxyFor: (url) => environmentProxy(url, process.env),
    ...(caFile === undefined ? {} : { caFile }),
    mask: (secret) => {
      secrets.add(secret);
      return secret;
    },
  };
  const bench = await benchFor(place, transport);
  const findings: Finding[] = [];
  const all = async (points: readonly Point[]): Promise<void> => {
    for (const point of points) {
      const found = await find(point);
      const finding = { ...found, saw: redacted(found.saw, secrets) };
      findings.push(finding);
      tell(finding);
    }
  };
  try {
    await all([
      ...registrationPoints(bench),
      ...refusalPoints(bench),
      ...containerPoints(bench),
      missingAgentPoint(bench),
    ]);
  } finally {
    await cleanUp(bench);
  }
  await all([nothingLeft(bench)]);
  const date = new Date().toISOString();
  return { version, date, node: process.version, region: bench.location, findings };
}
