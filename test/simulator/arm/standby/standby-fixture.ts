// A container group profile and a standby pool of it, as the tests of both make them.
import assert from "node:assert/strict";
import { shippedRoles } from "../../../../simulator/arm/authorization/shipped-roles.ts";
import type { StandbyPool } from "../../../../simulator/arm/standby/standby-pool.ts";
import type { Stand } from "../azure-fixture.ts";

export const profileApi = "api-version=2024-05-01-preview";
export const poolApi = "api-version=2025-03-01";

export const profilePath = (stand: Stand, name = "agents"): string =>
  `${stand.groupPath}/providers/Microsoft.ContainerInstance/containerGroupProfiles/${name}`;

export const poolPath = (stand: Stand, name = "agents"): string =>
  `${stand.groupPath}/providers/Microsoft.StandbyPool/standbyContainerGroupPools/${name}`;

export function profileBody(stand: Stand, properties: object = {}, container: object = {}): object {
  return {
    location: stand.location,
    properties: {
      osType: "Linux",
      restartPolicy: "Never",
      containers: [
        {
          name: "waiting",
          properties: {
            image: stand.registry.image,
            command: ["/bin/bash", "-c", "echo I wait; exec sleep 1000"],
            resources: { requests: { cpu: 1, memoryInGB: 2 } },
            volumeMounts: [{ name: "start-files", mountPath: "/mnt/ephemeral-agent/start" }],
            ...container,
          },
        },
      ],
      volumes: [{ name: "start-files", secret: { "key.pem": Buffer.from("secret").toString("base64") } }],
      ...properties,
    },
  };
}

export const poolBody = (stand: Stand, elasticityProfile: object): object => ({
  location: stand.location,
  properties: {
    elasticityProfile: { refillPolicy: "always", ...elasticityProfile },
    containerGroupProperties: {
      containerGroupProfile: { id: profilePath(stand) },
      subnetIds: [{ id: stand.subnetId }],
    },
  },
});

export const claimOf = (stand: Stand, keyValuePairs: object, container = "waiting", fails = true) => ({
  location: stand.location,
  properties: {
    containerGroupProfile: { id: profilePath(stand), revision: 1 },
    standbyPoolProfile: { id: poolPath(stand), failContainerGroupCreateOnReuseFailure: fails },
    subnetIds: [{ id: stand.subnetId }],
    containers: [{ name: container, properties: { configMap: { keyValuePairs } } }],
  },
});

/** Lets the provider make groups, and the deployer claim them: who may do neither at first. */
export function giveStandbyRoles(stand: Stand, who: "both" | "claimer only" = "both"): void {
  const { arm, deployer, groupPath, subnetId } = stand;
  const roles = shippedRoles(arm.subscriptionId);
  const assign = (principalId: string, role: Parameters<typeof arm.access.assign>[0]["role"], scope: string) =>
    arm.access.assign({ principalId, role, scope });
  assign(deployer.objectId, roles.standbyPool, groupPath);
  if (who === "claimer only") return;
  assign(arm.standbyProvider.objectId, roles.standbyProvider, groupPath);
  assign(arm.standbyProvider.objectId, roles.network, subnetId.replace(/\/subnets\/.*$/, ""));
}

/** @throws when there is no such pool */
export function poolOf(stand: Stand, path = poolPath(stand)): StandbyPool {
  const pool = stand.arm.standbyPools.get(path);
  if (pool === undefined) throw new Error(`There is no standby pool ${path}.`);
  return pool;
}

export type Json = Record<string, unknown>;

export const at = (body: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((value, name) => (value as Json | undefined)?.[name], body);

export function assertShows(body: unknown, paths: readonly string[]): void {
  const missing = paths.filter((path) => at(body, path) === undefined);
  assert.deepEqual(missing, [], JSON.stringify(body));
}
