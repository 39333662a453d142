// A set-up in memory that nothing is wrong with, and one check of it. Tests break one thing of it each.
import { readFileSync } from "node:fs";
import type { Outcome } from "../../EphemeralAgentTask/src/actions/action-result.ts";
import { check } from "../../EphemeralAgentTask/src/actions/check.ts";
import type {
  AzureInspection,
  DevOpsInspection,
  Lock,
  RegistryInspection,
  RoleRights,
  StandbyLook,
  SubnetView,
  VirtualNetworkView,
} from "../../EphemeralAgentTask/src/checks/check-ports.ts";
import type { TaskError } from "../../EphemeralAgentTask/src/errors/catalog.ts";
import type { StandbyPoolView } from "../../EphemeralAgentTask/src/ports/standby-pool.ts";
import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import type { CheckSettings } from "../../EphemeralAgentTask/src/settings/settings.ts";
import { MemoryTask } from "../in-memory/memory-task-host.ts";
import { settings } from "../in-memory/valid-settings.ts";
import { VirtualClock } from "../in-memory/virtual-clock.ts";
import { World } from "../in-memory/world.ts";
import { standbyPool } from "../in-memory/world-ports.ts";

export const principal = "22222222-2222-2222-2222-222222222222";

export type RoleName = "container-groups" | "network" | "standby-pool";

/** A role definition as it is shipped. */
export function shipped(name: RoleName): RoleRights {
  const file = new URL(`../../samples/roles/${name}.json`, import.meta.url);
  const { Actions } = JSON.parse(readFileSync(file, "utf8")) as { Actions: string[] };
  return { actions: Actions, notActions: [] };
}

export const without = ({ actions, notActions }: RoleRights, action: string): RoleRights => ({
  actions: actions.filter((each) => each !== action),
  notActions,
});

export const fault = (status: number, code: string, message = `said ${code}`) =>
  new ServiceFault("Azure", code, message, { status });

export const forbidden = (action: string, scope = "/scope") =>
  fault(
    403,
    "AuthorizationFailed",
    `The client 'app' with object id '${principal}' does not have authorization to perform action '${action}' over scope '${scope}'.`,
  );

const subnet: SubnetView = {
  name: "agents",
  addressPrefixes: ["10.0.8.0/24"],
  delegations: ["Microsoft.ContainerInstance/containerGroups"],
  links: ["Microsoft.ContainerInstance/containerGroups"],
  ipConfigurations: [],
  natGatewayId: "/subscriptions/s/resourceGroups/rg-net/providers/Microsoft.Network/natGateways/nat-shop",
};

/** Where the agents go. */
export const placement = {
  subnetId:
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet/subnets/agents",
  cpu: 1,
  memoryInGB: 2,
};

const network: VirtualNetworkView = { location: "westeurope", dnsServers: [], subnets: [subnet] };

/** The network with its subnet changed. */
export const withSubnet = (change: Partial<SubnetView>): VirtualNetworkView => ({
  ...network,
  subnets: [{ ...subnet, ...change }],
});

export class Setup {
  readonly clock = new VirtualClock();
  readonly task = new MemoryTask();
  readonly world = new World(this.clock);
  network: VirtualNetworkView = network;
  locks: readonly Lock[] = [];
  standby: Omit<StandbyLook, "pool"> & { readonly pool?: Partial<StandbyPoolView> } = {
    ...{ latestRevision: 1, ready: 1, running: 1, creating: 0, health: "HealthState/healthy" },
  };
  /** Roles by what a scope's id ends with. */
  roles: Record<string, RoleRights[] | ServiceFault> = {
    "/rg-agents": [shipped("container-groups")],
    "/vnet": [shipped("network")],
    "/agents": [shipped("network")],
    "/id-agents": [{ actions: ["Microsoft.ManagedIdentity/userAssignedIdentities/*/action"], notActions: [] }],
  };
  readonly azure: AzureInspection = {
    signIn: async () => principal,
    providerState: async () => "Registered",
    resourceGroup: async () => "westeurope",
    virtualNetwork: async () => this.network,
    addressesInUse: async () => ({}),
    rights: async (scope) => {
      const [, roles] = Object.entries(this.roles).find(([end]) => scope.endsWith(end)) ?? [];
      if (roles instanceof ServiceFault) throw roles;
      return roles ?? [];
    },
    locks: async () => this.locks,
    standbyPool: async (id) => ({ ...this.standby, pool: { ...standbyPool(id), ...this.standby.pool } }),
    someoneHas: async () => true,
    denials: async () => [],
    usages: async () => ({
      usages: [
        { name: "ContainerGroups", used: 1, limit: 100 },
        { name: "StandardCores", used: 1, limit: 100 },
      ],
    }),
  };
  readonly registry: RegistryInspection = {
    manifest: async () => ({ kind: "found", digest: `sha256:${"0".repeat(64)}` }),
  };
  readonly devops: DevOpsInspection = {
    caller: async () => ({ name: "Shop Build Service (contoso)", buildServiceOf: "project-1" }),
    pool: async () => ({ records: this.world.pool, hosted: false, autoUpdate: false }),
    mayManage: async () => true,
    maintenance: async () => [],
  };
  /** What the inputs say; changed by the test. */
  inputs: Partial<CheckSettings> = {};

  constructor() {
    this.world.addRecord("placeholder", { EphemeralAgent: "true" });
  }

  async check(): Promise<Report> {
    const { clock, task, azure, registry, devops } = this;
    const chosen = { ...settings(), besideRun: false, addPlaceholder: false, ...this.inputs };
    const work = check({ clock, task, azure, registry, devops }, chosen);
    const end = await clock.run(work.catch((thrown: TaskError) => ({ thrown })));
    return new Report(task.lines, end);
  }
}

/** What was told, line by line. */
export class Report {
  constructor(
    readonly lines: readonly string[],
    readonly end: Outcome | { readonly thrown: TaskError },
  ) {}

  get text(): string {
    return this.lines.join("\n");
  }

  /** Lines of a level, without it. */
  of(level: string): string[] {
    return this.lines.filter((line) => line.startsWith(`${level} `)).map((line) => line.slice(13));
  }

  /** Flaws: level and subject. */
  get flaws(): string[] {
    return this.lines.flatMap((line) => {
      const [, level, subject] = /^(warning|wrong)\s+(.+?) {2,}/.exec(line) ?? [];
      return level && subject ? [`${level} ${subject}`] : [];
    });
  }

  /** How the flaw of a subject is told: its own line, the cause, and what fixes it. */
  flaw(subject: string): string {
    const at = this.lines.findIndex((line) => /^(warning|wrong) /.test(line) && line.slice(13).startsWith(subject));
    return this.lines.slice(at, at + 3).join("\n");
  }

  get code(): string {
    if ("thrown" in this.end) return this.end.thrown.code ?? String(this.end.thrown);
    return this.end.result === "succeededWithIssues" ? this.end.code : this.end.result;
  }
}
