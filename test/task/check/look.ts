// The task's own adapters looking at a simulator, in this process: as the bundle does, and in a fraction of its time.
import { check } from "../../../EphemeralAgentTask/src/actions/check.ts";
import { azureInspection } from "../../../EphemeralAgentTask/src/azure/check-requests.ts";
import { registryInspection } from "../../../EphemeralAgentTask/src/azure/registry/image-lookup.ts";
import { devOpsInspection } from "../../../EphemeralAgentTask/src/devops/check-requests.ts";
import type { TaskError } from "../../../EphemeralAgentTask/src/errors/catalog.ts";
import { systemTime } from "../../../EphemeralAgentTask/src/http/service-time.ts";
import type { Transport } from "../../../EphemeralAgentTask/src/http/transport.ts";
import type { Clock } from "../../../EphemeralAgentTask/src/ports.ts";
import { problemsError } from "../../../EphemeralAgentTask/src/settings/input-problems.ts";
import type { RawEndpoint, RawTask } from "../../../EphemeralAgentTask/src/settings/input-reader.ts";
import { parse } from "../../../EphemeralAgentTask/src/settings/parse-settings.ts";
import type { Settings } from "../../../EphemeralAgentTask/src/settings/settings.ts";
import type { Endpoint } from "../../../simulator/job-execution/job/job-message.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { Report } from "../../checks/healthy-setup.ts";
import { MemoryTask } from "../../in-memory/memory-task-host.ts";
import { stepIn } from "../harness/in-simulator.ts";

const lookUp = (values: Readonly<Record<string, string>> | undefined, name: string) =>
  Object.entries(values ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

const raw = ({ url, authorization, data }: Endpoint): RawEndpoint => ({
  url,
  scheme: authorization?.scheme,
  parameter: (name) => lookUp(authorization?.parameters, name),
  data: (name) => lookUp(data, name),
});

export type Inputs = Readonly<Record<string, string>>;

/** Pauses between attempts pass at once. */
const clock: Clock = {
  now: () => Date.now(),
  date: () => Date.now(),
  random: () => 0,
  sleep: async () => undefined,
  after(ms, action) {
    const timer = setTimeout(action, ms).unref();
    return () => clearTimeout(timer);
  },
};

export interface LookPart {
  /** Instead of the project's own connection of the same name. */
  readonly endpoints?: readonly Endpoint[];
}

function settingsIn(simulator: Simulator, inputs: Inputs, { endpoints = [] }: LookPart): Settings {
  const { start } = stepIn(simulator, { action: "check", ...inputs });
  const known = [...endpoints, ...(start.endpoints ?? [])];
  const variables = Object.entries(start.variables ?? {}).map(([name, value]) => [
    name,
    typeof value === "string" ? value : value.value,
  ]);
  const aliases: Readonly<Record<string, string>> = { connectedServiceNameARM: "azureSubscription" };
  const task: RawTask = {
    input: (name) => start.inputs[name] ?? start.inputs[aliases[name] ?? name],
    variable: (name) => lookUp(Object.fromEntries(variables), name),
    endpoint(id) {
      if (id === "SYSTEMVSSCONNECTION") {
        const parameters: Readonly<Record<string, string>> = { AccessToken: start.jobToken };
        return {
          url: start.collectionUrl,
          scheme: "OAuth",
          parameter: (name) => parameters[name],
          data: () => undefined,
        };
      }
      const found = known.find((one) => one.id === id);
      return found && raw(found);
    },
  };
  const parsed = parse(task);
  if ("problems" in parsed) throw problemsError(parsed.problems);
  return parsed.settings;
}

/** Straight to the simulator, trusting its authority. */
export const transportTo = ({ caFile }: Simulator): Transport => ({
  time: systemTime(),
  proxyFor: () => undefined,
  caFile,
  mask: (secret) => secret,
});

/** One check with the usual inputs, changed by `inputs`. */
export async function lookAt(simulator: Simulator, inputs: Inputs = {}, part: LookPart = {}): Promise<Report> {
  const settings = settingsIn(simulator, inputs, part);
  if (settings.action !== "check") throw new Error("The action must be check.");
  const transport = transportTo(simulator);
  const task = new MemoryTask();
  const ports = {
    clock,
    task,
    azure: azureInspection(settings.azure, transport),
    registry: registryInspection(transport),
    devops: devOpsInspection(settings.devops, transport, "test"),
  };
  const end = await check(ports, settings).catch((thrown: TaskError) => ({ thrown }));
  return new Report(task.lines, end);
}
