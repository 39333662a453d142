// What must be there at the end, and what must not.
import { marksOf, ownerMarks } from "../../../EphemeralAgentTask/src/plan/owner-marks.ts";
import { identity } from "../../in-memory/valid-settings.ts";
import type { World } from "../../in-memory/world.ts";
import { type StepReport, startOfTime } from "./pipeline-run.ts";

const hour = 3_600_000;

/** What belongs to others and must be there, unchanged, at the end. */
export function foreigners(world: World): () => string[] {
  const { resourceGroupId } = world.host;
  const expired = startOfTime - hour;
  const theirs = ownerMarks({ ...identity("7"), projectId: "project-2" }, resourceGroupId, expired);
  const record = world.addRecord("theirs", theirs);
  const plain = world.addRecord("hand-made", { Team: "blue" });
  const definition = {
    name: "theirs",
    location: "x",
    tags: {},
    osType: "Linux",
    image: "i",
    environment: {},
    secretEnvironment: {},
    identityIds: [],
    cpu: 1,
    memoryInGB: 1,
    volumes: [],
  } as const;
  const group = (name: string, tags: Record<string, string>) =>
    world.groups.set(name, {
      madeAt: 0,
      definition: { ...definition, name },
      tags,
      provisioningState: "Succeeded",
      events: [],
      log: "",
      fate: "works",
    });
  group("theirs", theirs);
  group("web-shop", { team: "blue" });
  group("agents-1a2b3c4d", {});
  group("other-pool", { ...ownerMarks(identity("8"), resourceGroupId, expired), "EphemeralAgent.Pool": "other" });
  world.placeholder();
  return () => {
    const gone = [record, plain]
      .filter((one) => !world.records.has(one.id) || !one.enabled)
      .map((one) => `record ${one.name}`);
    for (const name of ["theirs", "web-shop", "agents-1a2b3c4d", "other-pool"])
      if (!world.groups.has(name)) gone.push(`group ${name}`);
    if (!world.recordNamed("placeholder")?.enabled) gone.push("the placeholder");
    return gone;
  };
}

/** Records and groups of ours that are there. */
export const ours = (world: World): string[] => [
  ...[...world.records.values()].filter((one) => one.name.startsWith("eph-")).map((one) => `record ${one.name}`),
  ...[...world.groups.keys()].filter((name) => name.startsWith("eph-")).map((name) => `group ${name}`),
];

/** What is left of ours, of which only the state of its run says that it may go. What is kept for debugging waits for its time. */
export function unexpired(world: World): string[] {
  const now = world.clock.date();
  const marked = [...world.records.values()].map((record) => [record.name, marksOf(record)] as const);
  const groups = [...world.groups.entries()].map(([name, { tags }]) => [name, tags] as const);
  const kept = new Set(
    groups.filter(([, tags]) => tags["EphemeralAgent.KeepUntil"] !== undefined).map(([name]) => name),
  );
  const all = [...marked, ...groups].filter(
    ([name, marks]) =>
      name.startsWith("eph-") && !kept.has(name) && Date.parse(marks["EphemeralAgent.Expires"] ?? "") > now,
  );
  return [...new Set(all.map(([name]) => name))];
}

/** A step that ends by itself has removed what it made, or says what stays. */
export function leftSilently({ end, process: { task } }: StepReport): string[] {
  if (end === "dead" || task.cancelled.aborted) return [];
  const untold = task.open.filter((name) => !task.errors.some((error) => error.includes(name)));
  return untold.map((name) => `a step ended, and left ${name} without a word`);
}
