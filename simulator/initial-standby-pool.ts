// A standby pool as samples/setup/standby-pool.sh makes one: a profile whose containers wait for agents, its key pair, rights.
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Arm } from "./arm/arm-site.ts";
import type { ShippedRoles } from "./arm/authorization/shipped-roles.ts";
import { profileType } from "./arm/standby/container-group-profiles.ts";
import { poolType } from "./arm/standby/pool-body.ts";
import type { StandbyPool } from "./arm/standby/standby-pool.ts";
import type { ServicePrincipal } from "./entra/directory.ts";
import type { FirstResources } from "./initial-resources.ts";

const agentImage = new URL("../agent-image/", import.meta.url);
const folders = { start: "/mnt/ephemeral-agent/start", state: "/mnt/ephemeral-state" };

/** One for all simulators of a process: to make it takes longer than to start everything else. */
let pair: { readonly publicKey: string; readonly privateKey: string } | undefined;

function keyPair(): NonNullable<typeof pair> {
  if (pair !== undefined) return pair;
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 3072 });
  pair = {
    publicKey: publicKey.export({ format: "der", type: "spki" }).toString("base64"),
    privateKey: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
  };
  return pair;
}

interface StandbyPoolSetting {
  readonly arm: Arm;
  readonly first: FirstResources;
  readonly roles: ShippedRoles;
  readonly image: string;
  /** The image has no user for the agent, so its jobs run as root. */
  readonly asRoot: boolean;
  /** Who may take agents from the pool. */
  readonly claimers: readonly ServicePrincipal[];
  /** Container groups to keep ready. */
  readonly ready?: number;
}

/** Makes the pool `agents` beside the container groups, and lets everybody have the rights that it takes. */
export function putStandbyPool({
  arm,
  first,
  roles,
  image,
  asRoot,
  claimers,
  ready = 1,
}: StandbyPoolSetting): StandbyPool {
  const { location, agentsGroupId, subnetId, virtualNetworkId } = first;
  const { publicKey, privateKey } = keyPair();
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const scripts = ["entrypoint.sh", "standby.sh"].map((name) => [
    name,
    base64(readFileSync(fileURLToPath(new URL(name, agentImage)), "utf8")),
  ]);
  const properties = {
    osType: "Linux",
    restartPolicy: "Never",
    containers: [
      {
        name: "agent",
        properties: {
          image,
          command: ["/bin/bash", `${folders.start}/entrypoint.sh`],
          environmentVariables: [
            { name: "EPHEMERAL_STANDBY_KEY", value: publicKey },
            ...(asRoot ? [{ name: "EPHEMERAL_AGENT_USER", value: "root" }] : []),
          ],
          resources: { requests: { cpu: 1, memoryInGB: 2 } },
          volumeMounts: [
            { name: "ephemeral-agent", mountPath: folders.start },
            { name: "ephemeral-state", mountPath: folders.state },
          ],
        },
      },
    ],
    volumes: [
      { name: "ephemeral-agent", secret: { ...Object.fromEntries(scripts), "standby.pem": base64(privateKey) } },
      { name: "ephemeral-state", emptyDir: {} },
    ],
  };
  const assign = ({ objectId: principalId }: ServicePrincipal, role: ShippedRoles["network"], scope: string) =>
    arm.access.assign({ principalId, role, scope });
  assign(arm.standbyProvider, roles.standbyProvider, agentsGroupId);
  assign(arm.standbyProvider, roles.network, virtualNetworkId);
  for (const claimer of claimers) assign(claimer, roles.standbyPool, agentsGroupId);
  const profileId = `${agentsGroupId}/providers/${profileType}/agents`;
  arm.profiles.put(profileId, "agents", { location, tags: {}, properties });
  const content = { location, tags: {}, zones: undefined, maxReadyCapacity: ready, profileId, revision: 1, subnetId };
  return arm.standbyPools.put(`${agentsGroupId}/providers/${poolType}/agents`, "agents", content);
}
