// An attachment is a file that any step of the run could have written: what is not of the form is left out.
import {
  type AgentRecord,
  type ErrorRecord,
  type EventRecord,
  type PhaseRecord,
  phaseNames,
  type StepRecord,
} from "../../EphemeralAgentTask/src/report/step-record.ts";
import { visible } from "./text.ts";

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const fields = (value: unknown): Fields => (isFields(value) ? value : {});
const text = (value: unknown): string => (typeof value === "string" ? visible(value) : "");
const number = (value: unknown): number => (typeof value === "number" && Number.isFinite(value) ? value : 0);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const isTime = (value: string): boolean => !Number.isNaN(Date.parse(value));

function oneOf<Name extends string>(names: readonly Name[], value: unknown, otherwise: Name): Name {
  return names.find((name) => name === value) ?? otherwise;
}

function readPhase(value: unknown): PhaseRecord[] {
  const { name, at } = fields(value);
  const known = phaseNames.find((one) => one === name);
  return known !== undefined && isTime(text(at)) ? [{ name: known, at: text(at) }] : [];
}

function readError(value: unknown): { readonly error?: ErrorRecord } {
  if (!isFields(value)) return {};
  const { code, title, cause, next } = value;
  return { error: { code: text(code), title: text(title), cause: text(cause), next: text(next) } };
}

function readEvent(value: unknown): EventRecord {
  const { at, type, name, message, count } = fields(value);
  return { at: text(at), type: text(type), name: text(name), message: text(message), count: number(count) };
}

function readAgent(value: unknown): AgentRecord[] {
  const agent = fields(value);
  if (text(agent.name) === "") return [];
  const { place, job, waited, cost } = agent;
  const [where, served, wait, price] = [fields(place), fields(job), fields(waited), fields(cost)];
  return [
    {
      name: text(agent.name),
      ...(typeof agent.id === "number" ? { id: agent.id } : {}),
      pool: text(agent.pool),
      phases: list(agent.phases).flatMap(readPhase),
      result: oneOf(["waiting", "served", "unneeded", "failed", "canceled"], agent.result, "waiting"),
      ...(isFields(place)
        ? {
            place: {
              region: text(where.region),
              resourceGroup: text(where.resourceGroup),
              cpu: number(where.cpu),
              memoryInGB: number(where.memoryInGB),
              image: text(where.image),
              ...(text(where.subnet) === "" ? {} : { subnet: text(where.subnet) }),
            },
          }
        : {}),
      ...(isFields(job)
        ? {
            job: {
              name: text(served.name),
              ...(text(served.id) === "" ? {} : { id: text(served.id) }),
              ...(text(served.run) === "" ? {} : { run: text(served.run) }),
              ...(text(served.result) === "" ? {} : { result: text(served.result) }),
            },
          }
        : {}),
      ...(text(agent.replaces) === "" ? {} : { replaces: text(agent.replaces) }),
      ...(isFields(waited)
        ? { waited: { who: oneOf(["job", "agent"], wait.who, "job"), seconds: number(wait.seconds) } }
        : {}),
      ...(isFields(cost)
        ? {
            cost: {
              currency: text(price.currency),
              amount: number(price.amount),
              vcpuSeconds: number(price.vcpuSeconds),
              gbSeconds: number(price.gbSeconds),
              pricesOf: text(price.pricesOf),
            },
          }
        : {}),
      ...readError(agent.error),
      ...(agent.events === undefined ? {} : { events: list(agent.events).map(readEvent) }),
      ...(text(agent.log) === "" ? {} : { log: text(agent.log) }),
    },
  ];
}

/** @returns undefined for what is no record of a step */
export function readRecord(value: unknown): StepRecord | undefined {
  const step = fields(value);
  if (step.version !== 1) return undefined;
  const lines = list(step.lines).map((line) => {
    const { subject, result, text: said } = fields(line);
    return { subject: text(subject), result: text(result), text: text(said) };
  });
  return {
    version: 1,
    action: oneOf(["run", "create", "remove", "sweep", "check"], step.action, "run"),
    runId: text(step.runId),
    stage: text(step.stage),
    attempt: text(step.attempt),
    began: text(step.began),
    ended: text(step.ended),
    result: oneOf(["succeeded", "succeededWithIssues", "failed", "canceled"], step.result, "failed"),
    agents: list(step.agents).flatMap(readAgent),
    ...readError(step.error),
    ...(lines.length === 0 ? {} : { lines }),
  };
}
