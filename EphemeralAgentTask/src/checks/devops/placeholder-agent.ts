// Checks that the pool has a placeholder: a job beside `run` can be queued only with one (facts agent-protocol §5).
import { kindMark, marksOf, runOf } from "../../plan/owner-marks.ts";
import type { AgentDefinition, AgentPackage, AgentPool, AgentView, JobRequest } from "../../ports.ts";
import type { CheckSettings } from "../../settings/settings.ts";
import { failed, faulty, type Look } from "../check-context.ts";
import { type Flaw, type Found, ok, warning, wrong } from "../finding.ts";

const subject = "placeholder";

/** Capabilities that a job beside `run` may demand. */
const demandable = ({ capabilities }: Pick<CheckSettings, "capabilities">): Record<string, string> => ({
  ...capabilities,
  [kindMark]: "true",
});

/** A placeholder is a permanent record with every capability, unlike the agents of runs. */
function isPlaceholder(record: AgentView, wanted: Readonly<Record<string, string>>): boolean {
  const marks = marksOf(record);
  if (runOf(marks) !== undefined) return false;
  const lower = Object.fromEntries(Object.entries(marks).map(([name, value]) => [name.toLowerCase(), value]));
  // Any value will do for the mark itself: jobs demand that it is there.
  return Object.entries(wanted).every(([name, value]) => {
    const has = lower[name.toLowerCase()];
    return name === kindMark ? has !== undefined : has?.toLowerCase() === value.toLowerCase();
  });
}

/** True when a job of the pool demanded what only an agent beside `run` has by then: nothing of its run. */
export const runInUse = (requests: readonly JobRequest[]): boolean =>
  requests.some(({ demands = [] }) => demands.some((demand) => demand.toLowerCase() === kindMark.toLowerCase()));

/** @param inUse whether jobs beside `run` were seen in the pool */
export function judgePlaceholder(records: readonly AgentView[], settings: CheckSettings, inUse: boolean): Found {
  const wanted = demandable(settings);
  const match = records.find((record) => isPlaceholder(record, wanted));
  if (match) return ok(subject, `agent ${match.name}`);
  if (settings.besideRun) return noPlaceholder(settings.agentPool, wanted, wrong);
  if (inUse) return noPlaceholder(settings.agentPool, wanted, warning);
  return ok(subject, "none, and only a job beside action 'run' needs one");
}

function noPlaceholder(pool: string, wanted: Readonly<Record<string, string>>, judge: typeof wrong): Flaw {
  const names = Object.entries(wanted).map(([name, value]) => `${name}=${value}`);
  return judge(subject, {
    found: `no permanent agent in the pool has ${names.join(", ")}`,
    cause: `A job beside action 'run' is refused at once while no agent of pool '${pool}' has what it demands.`,
    fix: "Run this check again with addPlaceholder: true, or use the template (action create), which needs no placeholder.",
  });
}

/** @param taken names of the records that are there */
function placeholderName(prefix: string, taken: readonly string[]): string {
  const base = `${prefix}-placeholder`;
  const used = new Set(taken.map((name) => name.toLowerCase()));
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!used.has(name)) return name;
  }
}

const definition = (name: string, { version }: AgentPackage): AgentDefinition => ({
  name,
  version,
  workFolder: "_work",
  systemCapabilities: { "Agent.Name": name, "Agent.Version": version, "Agent.OS": "Linux" },
});

/** Adds the placeholder and verifies it. Its key is discarded, so this agent can never come online. */
export async function addPlaceholder(
  { read, settings }: Look,
  pool: AgentPool,
  agentPackage: AgentPackage,
  taken: readonly string[],
): Promise<Found> {
  const name = placeholderName(settings.agentPrefix, taken);
  const wanted = demandable(settings);
  const added = await read("register", () => pool.register(definition(name, agentPackage)));
  if (failed(added)) return faulty(subject, added);
  const marked = await read("setCapabilities", () => pool.setCapabilities(added.id, wanted));
  if (failed(marked)) return faulty(subject, marked);
  const record = await read("get", () => pool.get(added.id));
  if (failed(record)) return faulty(subject, record);
  if (record && isPlaceholder(record, wanted)) return ok(subject, `agent ${name} was added`);
  return wrong(subject, {
    found: `agent ${name} was added, but did not keep its capabilities`,
    cause: "The organization ignored them.",
    fix: `Organization settings > Agent pools > ${pool.name} > Agents > ${name} > Capabilities: add ${Object.keys(wanted).join(", ")}.`,
  });
}
