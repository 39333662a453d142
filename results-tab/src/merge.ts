// Several steps tell of one agent: the one that creates it and the one that removes it. Together they are its story.
import {
  type AgentRecord,
  type PhaseRecord,
  phaseNames,
  type StepRecord,
} from "../../EphemeralAgentTask/src/report/step-record.ts";

const rank = ({ name }: PhaseRecord): number => phaseNames.indexOf(name);

/** Each phase once, as it was seen first. */
function phasesOf(records: readonly AgentRecord[]): PhaseRecord[] {
  const all = records.flatMap(({ phases }) => phases).sort((a, b) => rank(a) - rank(b) || a.at.localeCompare(b.at));
  return all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
}

/** The agents of a run, in the order in which they came to be. */
export function agentsOf(steps: readonly StepRecord[]): AgentRecord[] {
  const byName = new Map<string, AgentRecord[]>();
  for (const agent of [...steps].sort((a, b) => a.began.localeCompare(b.began)).flatMap(({ agents }) => agents)) {
    byName.set(agent.name, [...(byName.get(agent.name) ?? []), agent]);
  }
  // What a later step says of an agent is newer; what only an earlier one knew stays.
  const merged = [...byName.values()].map((records): AgentRecord => {
    const together: AgentRecord = Object.assign({}, ...records);
    return { ...together, phases: phasesOf(records) };
  });
  const beginning = ({ phases }: AgentRecord): string => phases[0]?.at ?? "";
  return merged.sort((a, b) => beginning(a).localeCompare(beginning(b)) || a.name.localeCompare(b.name));
}
