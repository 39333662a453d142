// A simulator whose containers are real ones, and what tests do with it.
import assert from "node:assert/strict";
import type { ContainerGroup } from "../../simulator/containers/container-group.ts";
import { ContainerCli } from "../../simulator/containers/podman/engine-command.ts";
import type { RunReport } from "../../simulator/pipeline-runner/run/run-results.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../simulator/start-simulator.ts";
import { send } from "../simulator/devops/fixture/https-request.ts";
import { type Pipeline, pipelineIn } from "../task/scenario/pipeline-run.ts";
import { pipeline, taskJob } from "../task/scenario/pipelines.ts";

export const cli = new ContainerCli("podman");

/** The agent image, made to start as its user `agent`; `npm run test:containers` makes it. */
export const nonRootImage = "localhost/azure-pipelines-agent:non-root";

/** Nothing is waited for that a container does not need itself. */
const timings = { pendingMs: 0, pullMs: 0, startMs: 0, restartMs: 50, deleteMs: 0 };

export interface GroupSpec {
  readonly name: string;
  /** Of the simulated registry. */
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Secure values. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** None for a group outside any virtual network. */
  readonly subnetId?: string;
  readonly memoryInGB?: number;
  /** Resource ids of user-assigned identities. */
  readonly identities?: readonly string[];
  readonly volumes?: readonly object[];
  readonly mounts?: readonly object[];
}

const selfDelete = {
  Name: "Deletes its own container group",
  Actions: ["Microsoft.ContainerInstance/containerGroups/delete"],
};

export class Lab {
  readonly simulator: Simulator;

  private constructor(simulator: Simulator) {
    this.simulator = simulator;
  }

  static async open(options: SimulatorOptions = {}): Promise<Lab> {
    const azure = { ...options.azure, timings: { ...timings, ...options.azure?.timings } };
    const lab = new Lab(await startSimulator({ engine: "podman", ...options, azure }));
    lab.add("non-root", nonRootImage);
    return lab;
  }

  close(): Promise<void> {
    return this.simulator.stop();
  }

  /** Puts an image of this machine into the simulated registry. @returns its reference. */
  add(name: string, local: string): string {
    const { registry } = this.simulator;
    const reference = `${registry.server}/${name}:latest`;
    registry.add({ reference, pullable: "anonymous", agentBaked: true, environment: {}, local });
    return reference;
  }

  /** Asks ARM as the administrator. */
  async arm(method: string, path: string, body?: object) {
    const { entra, administrator, armOrigin, caFile } = this.simulator;
    const { token } = await entra.tokens.issue(administrator, armOrigin);
    const headers = { authorization: `Bearer ${token}` };
    return send(caFile, method, new URL(path, armOrigin), { headers, ...(body === undefined ? {} : { body }) });
  }

  groupPath(name: string): string {
    const { subscriptionId, resourceGroup } = this.simulator.ready;
    const provider = "providers/Microsoft.ContainerInstance/containerGroups";
    return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/${provider}/${name}?api-version=2023-05-01`;
  }

  /** Creates a container group by ARM, as anybody may without the task. */
  async put(spec: GroupSpec): Promise<ContainerGroup> {
    const { name, image, command, subnetId, memoryInGB = 1, identities = [] } = spec;
    const plain = Object.entries(spec.environment ?? {}).map(([key, value]) => ({ name: key, value }));
    const secret = Object.entries(spec.secrets ?? {}).map(([key, value]) => ({ name: key, secureValue: value }));
    const answer = await this.arm("PUT", this.groupPath(name), {
      location: this.simulator.location,
      ...(identities.length > 0 && {
        identity: {
          type: "UserAssigned",
          userAssignedIdentities: Object.fromEntries(identities.map((id) => [id, {}])),
        },
      }),
      properties: {
        osType: "Linux",
        restartPolicy: "Never",
        ...(subnetId && { subnetIds: [{ id: subnetId }] }),
        ...(spec.volumes && { volumes: spec.volumes }),
        containers: [
          {
            name,
            properties: {
              image,
              ...(command && { command }),
              environmentVariables: [...plain, ...secret],
              resources: { requests: { cpu: 1, memoryInGB } },
              ...(spec.mounts && { volumeMounts: spec.mounts }),
            },
          },
        ],
      },
    });
    assert.equal(answer.status, 201, answer.text);
    return this.simulator.arm.containerGroup(name);
  }

  /** Runs a command in a container to its end. @returns what it wrote. */
  async run(script: string, spec: Partial<GroupSpec> = {}): Promise<string> {
    const name = spec.name ?? "probe";
    const image = spec.image ?? this.simulator.ready.image;
    const group = await this.put({ name, image, command: ["/bin/bash", "-c", script], ...spec });
    await group.when(({ state }) => state === "Succeeded" || state === "Failed");
    const output = group.deployment.log.read();
    await this.arm("DELETE", this.groupPath(name));
    return output;
  }

  /** Sends a signal to the first process of the one container, as somebody with the engine at hand can. */
  async signal(name: string): Promise<void> {
    const names = (await cli.run(["ps", "--format", "{{.Names}}"])).split("\n");
    const own = names.filter((each) => new RegExp(`^sim-${process.pid}-[0-9a-f]{6}-\\d+$`).test(each));
    assert.equal(own.length, 1, names.join());
    await cli.run(["kill", "--signal", name, own[0] ?? ""]);
  }

  /** An identity that may delete container groups and nothing else. @returns its id. */
  selfDeletingIdentity(): string {
    const { arm, location, ready } = this.simulator;
    const scope = `/subscriptions/${ready.subscriptionId}/resourceGroups/${ready.resourceGroup}`;
    const id = `${scope}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-self-delete`;
    arm.resources.put(id, { location });
    const principalId = arm.identities.find(id)?.objectId ?? "";
    arm.access.assign({ principalId, role: selfDelete, scope });
    return id;
  }

  /** Lets the service connection give an identity to container groups. */
  allowAssigning(scope: string): void {
    const { arm, deployer } = this.simulator;
    const Actions = ["Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"];
    arm.access.assign({ principalId: deployer.objectId, role: { Name: "Assigns identities", Actions }, scope });
  }

  /** Milliseconds from the task's request for a group to its agent's session. */
  async startByTask(imageName: string): Promise<number> {
    const { requests } = this.simulator;
    const from = requests.entries.length;
    const yaml = pipeline(taskJob(this.simulator, "create", { action: "create", imageName }));
    const report = await this.pipeline(yaml).done;
    assert.equal(report.result, "succeeded", logOf(report, "create"));
    const time = (method: string, path: RegExp): number => {
      const found = requests.entries.slice(from).find((each) => each.method === method && path.test(each.url));
      return Date.parse(found?.time ?? "");
    };
    return time("POST", /\/sessions$/) - time("PUT", /\/containerGroups\//);
  }

  pipeline(yaml: string): Pipeline {
    return pipelineIn(this.simulator, process.execPath, yaml);
  }

  /** What a job waits at until the test lets it through: something in the private network. */
  gate(name: string): { readonly script: string; open(): void } {
    const { url, deployments } = this.simulator.network.privateResource;
    const script = `echo started; until curl -fs -o /dev/null ${url}deployments/${name}; do sleep 0.1; done`;
    return { script, open: () => void deployments.set(name, "open") };
  }

  /** The group whose container the task made; waits until its container runs. */
  async onlyGroup(): Promise<ContainerGroup> {
    const [only, another] = this.simulator.arm.containerGroups();
    assert.ok(only && !another, "there is one container group");
    return only.group;
  }

  assertNothingLeft(): void {
    assert.deepEqual(this.simulator.leftBehind(), { agents: [], containerGroups: [] });
  }
}

/** A lab for each test of the suite that calls it. */
export function lab(options: SimulatorOptions = {}): () => Lab {
  let current: Lab | undefined;
  beforeEach(async () => {
    current = await Lab.open(options);
  });
  afterEach(() => current?.close());
  return () => {
    if (current === undefined) throw new Error("There is a lab during a test only.");
    return current;
  };
}

export function logOf({ jobs }: RunReport, name: string): string {
  const log = jobs[name]?.log.join("\n");
  assert.ok(log !== undefined, `the run has no job ${name}`);
  return log;
}
