// The requests that `check` sends to Azure.
import type {
  AzureInspection,
  Lock,
  RoleRights,
  SubnetView,
  Usages,
  VirtualNetworkView,
} from "../checks/check-ports.ts";
import { shapes } from "../http/answer-validation.ts";
import type { Transport } from "../http/transport.ts";
import { regionName } from "../plan/region-name.ts";
import type { AzureConnection } from "../ports/connections.ts";
import type { PolicyViolation } from "../ports.ts";
import { armReader } from "./arm-requests.ts";
import { policyDenials } from "./errors/policy-violations.ts";
import { standbyPools } from "./standby/standby-pools.ts";

const apiVersions = {
  resources: "2021-04-01",
  network: "2023-09-01",
  authorization: "2022-04-01",
  containerInstance: "2023-05-01",
  locks: "2016-09-01",
  policyInsights: "2022-03-01",
};

/** Remaining requests of the hour, where an answer tells (facts aci-azure-sdk §2.3). */
const requestsLeft = "x-ms-ratelimit-remaining-subscription-resource-requests-pt1h";

interface Linked {
  readonly id?: string;
}

/** A subnet as its network shows it (facts aci-azure-sdk §2.4). */
interface WireSubnet {
  readonly name?: string;
  readonly properties?: {
    readonly addressPrefix?: string;
    readonly addressPrefixes?: readonly string[];
    readonly delegations?: readonly { readonly properties?: { readonly serviceName?: string } }[];
    readonly serviceAssociationLinks?: readonly { readonly properties?: { readonly linkedResourceType?: string } }[];
    readonly ipConfigurations?: readonly Linked[];
    readonly natGateway?: Linked;
    readonly routeTable?: Linked;
    readonly networkSecurityGroup?: Linked;
  };
}

interface WireNetwork {
  readonly location: string;
  readonly properties?: {
    readonly dhcpOptions?: { readonly dnsServers?: readonly string[] };
    readonly subnets?: readonly WireSubnet[];
  };
}

interface WireRole {
  readonly name?: string;
}

interface WireAssignment {
  readonly properties?: { readonly roleDefinitionId?: string };
}

interface WireLock {
  readonly id?: string;
  readonly name?: string;
  readonly properties?: { readonly level?: string };
}

interface WireUsage {
  readonly id?: string;
  readonly name?: { readonly value?: string };
  readonly currentValue?: number;
  readonly limit?: number;
}

const aProvider = {
  what: "a resource provider",
  shape: (body: unknown): body is { readonly registrationState: string } =>
    shapes.record(body) && shapes.text(body.registrationState),
};

const aGroup = {
  what: "a resource group",
  shape: (body: unknown): body is { readonly location: string } => shapes.record(body) && shapes.text(body.location),
};

const aNetwork = {
  what: "a virtual network",
  shape: (body: unknown): body is WireNetwork =>
    shapes.record(body) &&
    shapes.text(body.location) &&
    shapes.record(body.properties) &&
    Array.isArray(body.properties.subnets),
};

const aUsageList = {
  what: "a list of usages",
  shape: (body: unknown): body is { readonly value: readonly WireUsage[] } => shapes.list(body),
};

const anEvaluation = {
  what: "an evaluation of policies",
  shape: (body: unknown): body is object => shapes.record(body) && shapes.record(body.contentEvaluationResult),
};

const given = (values: readonly (string | undefined)[] = []): string[] => values.flatMap((one) => one ?? []);

function subnetView({ name, properties: its = {} }: WireSubnet): SubnetView {
  const { natGateway, routeTable, networkSecurityGroup } = its;
  return {
    name: name ?? "",
    addressPrefixes: its.addressPrefix ? [its.addressPrefix] : (its.addressPrefixes ?? []),
    delegations: given(its.delegations?.map((one) => one.properties?.serviceName)),
    links: given(its.serviceAssociationLinks?.map((one) => one.properties?.linkedResourceType)),
    ipConfigurations: given(its.ipConfigurations?.map((one) => one.id)),
    ...(natGateway?.id ? { natGatewayId: natGateway.id } : {}),
    ...(routeTable?.id ? { routeTableId: routeTable.id } : {}),
    ...(networkSecurityGroup?.id ? { securityGroupId: networkSecurityGroup.id } : {}),
  };
}

/** The identity that a token stands for: its claim `oid`. It was just issued to us, so nobody has to verify it. */
function objectIdOf(token: string): string {
  const claims = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  const { oid } = (claims.startsWith("{") ? JSON.parse(claims) : {}) as { readonly oid?: string };
  return oid ?? "OBJECT_ID";
}

export function azureInspection(azure: AzureConnection, transport: Transport): AzureInspection {
  const arm = armReader(azure, transport);
  const standby = standbyPools(azure, transport);
  const subscription = `/subscriptions/${azure.subscriptionId}`;

  return {
    signIn: async () => objectIdOf(await arm.token()),

    async providerState(namespace) {
      const path = `${subscription}/providers/${namespace}`;
      return (await arm.read(path, apiVersions.resources, aProvider)).body.registrationState;
    },

    async resourceGroup(name) {
      const path = `${subscription}/resourceGroups/${name}`;
      return (await arm.read(path, apiVersions.resources, aGroup)).body.location;
    },

    async virtualNetwork(id): Promise<VirtualNetworkView> {
      const { location, properties } = (await arm.read(id, apiVersions.network, aNetwork)).body;
      return {
        location,
        dnsServers: properties?.dhcpOptions?.dnsServers ?? [],
        subnets: (properties?.subnets ?? []).map(subnetView),
      };
    },

    async addressesInUse(virtualNetworkId) {
      const usages = await arm.list<WireUsage>(`${virtualNetworkId}/usages`, apiVersions.network);
      return Object.fromEntries(usages.map(({ id, currentValue }) => [id?.toLowerCase() ?? "", currentValue ?? 0]));
    },

    async rights(scope): Promise<RoleRights[]> {
      const path = `${scope}/providers/Microsoft.Authorization/permissions`;
      const roles = await arm.list<Partial<RoleRights>>(path, apiVersions.authorization);
      return roles.map(({ actions = [], notActions = [] }) => ({ actions, notActions }));
    },

    async locks(scope): Promise<Lock[]> {
      const path = `${scope}/providers/Microsoft.Authorization/locks`;
      const all = await arm.list<WireLock>(path, apiVersions.locks);
      const locks = all.map(({ id = "", name = "", properties }) => ({
        name,
        scope: id.split(/\/providers\/Microsoft\.Authorization\/locks\//i, 1)[0] ?? "",
        level: properties?.level ?? "",
      }));
      // The list also shows locks of what is inside.
      return locks.filter((lock) => `${scope}/`.toLowerCase().startsWith(`${lock.scope}/`.toLowerCase()));
    },

    async denials(scope, planned): Promise<PolicyViolation[]> {
      const path = `${scope}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions`;
      const resourceContent = { type: "Microsoft.ContainerInstance/containerGroups", ...planned };
      const resourceDetails = { resourceContent, apiVersion: apiVersions.containerInstance };
      const { body } = await arm.query(path, apiVersions.policyInsights, anEvaluation, { resourceDetails });
      return policyDenials(body);
    },

    standbyPool: (id) => standby.look(id),

    async someoneHas(role, scope) {
      const at = `${scope}/providers/Microsoft.Authorization`;
      const [roles, assignments] = await Promise.all([
        arm.list<WireRole>(`${at}/roleDefinitions`, apiVersions.authorization, undefined, `roleName eq '${role}'`),
        arm.list<WireAssignment>(`${at}/roleAssignments`, apiVersions.authorization),
      ]);
      const ids = new Set(roles.map(({ name }) => name?.toLowerCase()));
      return assignments.some(({ properties }) =>
        ids.has(properties?.roleDefinitionId?.split("/").at(-1)?.toLowerCase()),
      );
    },

    async usages(location): Promise<Usages> {
      const path = `${subscription}/providers/Microsoft.ContainerInstance/locations/${regionName(location)}/usages`;
      const answer = await arm.read(path, apiVersions.containerInstance, aUsageList);
      const usages = answer.body.value.map(({ name, currentValue = 0, limit = 0 }) => ({
        name: name?.value ?? "",
        used: currentValue,
        limit,
      }));
      const left = Number(answer.headers[requestsLeft]);
      return { usages, ...(Number.isNaN(left) ? {} : { requestsLeft: left }) };
    },
  };
}
