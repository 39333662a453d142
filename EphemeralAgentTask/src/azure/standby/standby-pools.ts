// Reads standby pools and claims container groups from them (facts aci-azure-sdk §3.8). The SDK does not cover them.
import type { StandbyLook } from "../../checks/check-ports.ts";
import { expect, isRecord, shapes } from "../../http/answer-validation.ts";
import type { Transport } from "../../http/transport.ts";
import type { AzureConnection } from "../../ports/connections.ts";
import { publicKeyVariable, type StandbyClaim, type StandbyPoolView } from "../../ports/standby-pool.ts";
import { type ContainerGroupDefinition, type ContainerGroupView, ServiceFault, withDetails } from "../../ports.ts";
import { armReader, type Expected } from "../arm-requests.ts";
import { identitiesOf } from "../container-groups/container-group-body.ts";
import { isGroup } from "../container-groups/container-instance-client.ts";
import { packageName, seal } from "./seal-agent-files.ts";

/** Those of the recordings; a claim is not known under any other. */
const apiVersions = { pool: "2025-03-01", profile: "2024-05-01-preview" };

type Wire = Readonly<Record<string, unknown>>;

const object = (value: unknown): Wire => (isRecord(value) ? value : {});
const objects = (value: unknown): readonly Wire[] => (Array.isArray(value) ? value.map(object) : []);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown): number => Number(value ?? 0);
const texts = (values: readonly unknown[]): string[] => values.map(text).filter((one) => one !== "");

const withProperties = (what: string, fits: (properties: Wire) => boolean): Expected<Wire> => ({
  what,
  shape: (value): value is Wire => isRecord(value) && isRecord(value.properties) && fits(value.properties),
});

const aPool = withProperties("a standby pool", ({ containerGroupProperties }) =>
  shapes.text(object(object(containerGroupProperties).containerGroupProfile).id),
);
const aProfile = withProperties("a container group profile", ({ containers }) => Array.isArray(containers));
const aRuntimeView = withProperties("what a standby pool keeps ready", ({ instanceCountSummary }) =>
  Array.isArray(instanceCountSummary),
);

/** What a pool says of its container groups. */
interface WirePool {
  readonly location: string;
  readonly subnetId?: string;
  readonly profileId: string;
  readonly revision?: number;
}

/** @param body of a pool */
function poolOf(body: Wire): WirePool {
  const { containerGroupProfile, subnetIds } = object(object(body.properties).containerGroupProperties);
  const { id, revision } = object(containerGroupProfile);
  const [subnetId] = texts(objects(subnetIds).map((subnet) => subnet.id));
  return {
    location: text(body.location),
    profileId: text(id),
    ...(typeof revision === "number" ? { revision } : {}),
    ...(subnetId === undefined ? {} : { subnetId }),
  };
}

/**
 * @param id of the pool
 * @param profile body of the revision of the profile that the pool uses
 */
function poolView(id: string, { location, subnetId, profileId }: WirePool, profile: Wire): StandbyPoolView {
  const { containers, revision } = object(profile.properties);
  const [container = {}] = objects(containers);
  const { image, resources, environmentVariables, volumeMounts } = object(container.properties);
  const { cpu, memoryInGB } = object(object(resources).requests);
  const variables = objects(environmentVariables);
  const plain = variables.filter(({ value }) => typeof value === "string");
  return {
    id,
    location,
    ...(subnetId === undefined ? {} : { subnetId }),
    profile: { id: profileId, revision: number(revision) },
    container: text(container.name),
    image: text(image),
    cpu: number(cpu),
    memoryInGB: number(memoryInGB),
    environment: Object.fromEntries(plain.map(({ name, value }) => [text(name), text(value)])),
    secretEnvironment: texts(variables.flatMap((one) => (plain.includes(one) ? [] : [one.name]))),
    mountPaths: texts(objects(volumeMounts).map(({ mountPath }) => mountPath)),
  };
}

function sealed({ id, environment }: StandbyPoolView, name: string, files: StandbyClaim["files"]): string {
  try {
    return seal(environment[publicKeyVariable] ?? "", name, files);
  } catch (error) {
    const said = `${publicKeyVariable} of the profile of standby pool '${id}' is no public key`;
    throw new ServiceFault("Azure", "InvalidPublicKey", `${said}: ${error instanceof Error ? error.message : ""}`);
  }
}

/** The body of a claim. Azure refuses any other property of the group, and applies the config map only under the profile's name. */
function claimBody({ name, tags, identityIds }: ContainerGroupDefinition, { pool, files }: StandbyClaim): object {
  const keyValuePairs = { [packageName]: sealed(pool, name, files) };
  return {
    location: pool.location,
    tags,
    ...identitiesOf(identityIds),
    properties: {
      containerGroupProfile: pool.profile,
      standbyPoolProfile: { id: pool.id, failContainerGroupCreateOnReuseFailure: true },
      ...(pool.subnetId === undefined ? {} : { subnetIds: [{ id: pool.subnetId }] }),
      containers: [{ name: pool.container, properties: { configMap: { keyValuePairs } } }],
    },
  };
}

/** Its state is read by a GET afterwards, as every other group's. */
function claimedView({ id, name, properties }: Wire, definition: ContainerGroupDefinition): ContainerGroupView {
  return {
    id: text(id),
    name: text(name),
    tags: { ...definition.tags },
    provisioningState: text(object(properties).provisioningState),
    events: [],
  };
}

/** A cold start is the better second try. */
const seldomPasses = (error: unknown): never => {
  throw withDetails(error, { seldomPasses: true });
};

/** Every method throws `ServiceFault`. */
export function standbyPools(azure: AzureConnection, transport: Transport) {
  const arm = armReader(azure, transport);
  const claiming = (path: string) =>
    ({ service: "Azure", url: `${azure.armUrl}${path}`, method: "PUT", changes: true }) as const;

  /** @param body of the pool of this id */
  async function viewOf(id: string, body: Wire, signal?: AbortSignal): Promise<StandbyPoolView> {
    const pool = poolOf(body);
    const path = pool.revision === undefined ? pool.profileId : `${pool.profileId}/revisions/${pool.revision}`;
    return poolView(id, pool, (await arm.read(path, apiVersions.profile, aProfile, signal)).body);
  }

  /** @param id of a pool that must be there */
  async function read(id: string, signal?: AbortSignal): Promise<StandbyPoolView> {
    return viewOf(id, (await arm.read(id, apiVersions.pool, aPool, signal)).body, signal);
  }

  /** @param groupId of the container group to be */
  async function claim(groupId: string, definition: ContainerGroupDefinition, signal?: AbortSignal) {
    const { standby } = definition;
    if (standby === undefined) throw new Error("a claim names a standby pool");
    const { status, body } = await arm.put(groupId, apiVersions.profile, claimBody(definition, standby), signal);
    return claimedView({ ...expect(claiming(groupId), status, body, "a container group", isGroup) }, definition);
  }

  /** As `read`, with how the pool is doing. */
  async function look(id: string): Promise<StandbyLook> {
    const { body } = await arm.read(id, apiVersions.pool, aPool);
    const [pool, profile, view] = await Promise.all([
      viewOf(id, body),
      arm.read(poolOf(body).profileId, apiVersions.profile, aProfile),
      arm.read(`${id}/runtimeViews/latest`, apiVersions.pool, aRuntimeView),
    ]);
    const { instanceCountSummary, status } = object(view.body.properties);
    const counts = objects(instanceCountSummary).flatMap(({ instanceCountsByState }) => objects(instanceCountsByState));
    const count = (state: string): number =>
      counts.filter((one) => one.state === state).reduce((sum, one) => sum + number(one.count), 0);
    return {
      pool,
      latestRevision: number(object(profile.body.properties).revision),
      ready: number(object(object(body.properties).elasticityProfile).maxReadyCapacity),
      running: count("Running"),
      creating: count("Creating"),
      health: text(object(status).code),
    };
  }

  return {
    look,
    read: (id: string, signal?: AbortSignal) => read(id, signal).catch(seldomPasses),
    claim: (groupId: string, definition: ContainerGroupDefinition, signal?: AbortSignal) =>
      claim(groupId, definition, signal).catch(seldomPasses),
  };
}
