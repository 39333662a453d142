// Whether the standby pool has agents to give, and the same ones that a cold start makes. A run works without it: whatever is
// wrong here is a warning.
import { differences } from "../../lifecycle/create/standby-claim.ts";
import { standbyPoolName } from "../../ports/standby-pool.ts";
import { failed, faulty, isMissing, type Look, unread } from "../check-context.ts";
import type { StandbyLook } from "../check-ports.ts";
import { type Found, notChecked, ok, warning } from "../finding.ts";
import { checkRights, type Need } from "./role-permissions.ts";

const setUp = "samples/setup/standby-pool.sh";
const namespace = "Microsoft.StandbyPool";
const profiles = "Microsoft.ContainerInstance/containerGroupProfiles";

/** The role for the resource group of the pool (samples/roles/standby-pool.json). */
export const needsOfStandby: readonly Need[] = [
  { action: `${namespace}/standbyContainerGroupPools/read`, to: "read the standby pool", vital: false },
  {
    action: `${namespace}/standbyContainerGroupPools/runtimeViews/read`,
    to: "tell how many agents wait",
    vital: false,
  },
  { action: `${profiles}/read`, to: "claim a container of the profile", vital: false },
  { action: `${profiles}/revisions/read`, to: "read the pool's public key", vital: false },
];

/** The role by which Azure itself makes the pool's container groups (samples/roles/standby-provider.json). */
const providerRole = "Ephemeral Agents Standby Provider";

const groupOf = (id: string) => id.split("/providers/")[0] ?? id;

/** How many agents wait, and what keeps more from it. */
function judgeReadiness(
  subject: string,
  { ready, running, creating, health }: StandbyLook,
  providerMay: boolean | undefined,
): Found {
  const found = `${running} of ${ready} agents wait`;
  if (ready === 0) {
    return warning(subject, {
      found: "keeps no agent ready",
      cause: "Its maxReadyCapacity is 0, so that every start is cold.",
      fix: `STANDBY_READY=1 ${setUp}, unless a schedule fills it (docs/standby.md)`,
    });
  }
  if (running >= ready || (running > 0 && creating > 0)) return ok(subject, found);
  const grant = `assign the role '${providerRole}' on the resource group and 'Ephemeral Agents Network' on the virtual network to 'Standby Pool Resource Provider': ${setUp} does both`;
  return warning(subject, {
    found: `${found}, ${creating} are being made (${health})`,
    cause:
      providerMay === false
        ? `Nobody has the role '${providerRole}' on the pool's resource group, so Azure may not make its container groups.`
        : "Container groups of the pool do not come up, or a claim has just taken one.",
    fix:
      providerMay === false
        ? grant
        : `Look again in two minutes. If the problem persists: ${grant}; and check that the profile can pull its image.`,
  });
}

/** @param principal object id of the signed-in identity */
export async function checkStandby(look: Look, principal: string, location: string | undefined): Promise<Found[]> {
  const { azure, settings, read } = look;
  const { standbyPoolId: id, placements } = settings;
  if (id === undefined) return [];
  const subject = `standby pool ${standbyPoolName({ id })}`;
  const scope = groupOf(id);
  const [state, seen, rights, providerMay] = await Promise.all([
    read("providerState", () => azure.providerState(namespace)),
    read("standbyPool", () => azure.standbyPool(id)),
    checkRights(look, scope, needsOfStandby, principal),
    read("holders", () => azure.someoneHas(providerRole, scope)),
  ]);
  const provider = failed(state)
    ? [unread(`provider ${namespace}`, state)]
    : state === "Registered"
      ? []
      : [
          warning(`provider ${namespace}`, {
            found: state,
            cause: "No standby pool works in a subscription that is not registered for it.",
            fix: `az provider register --namespace ${namespace} --subscription ${settings.azure.subscriptionId}`,
          }),
        ];
  if (failed(seen)) {
    const flaw = faulty(subject, seen);
    const missing = { found: "does not exist", cause: seen.message, fix: `${setUp}, or check standbyPool` };
    return [...provider, warning(subject, isMissing(seen) ? missing : flaw), ...rights.found];
  }
  const [{ cpu, memoryInGB, subnetId, location: named }] = placements;
  // A subnet is in the region of its network, whatever the resource group's is; the same subnet is in the same region.
  const region = named ?? (subnetId === undefined ? location : undefined) ?? seen.pool.location;
  const place = { cpu, memoryInGB, location: region, ...(subnetId === undefined ? {} : { subnetId }) };
  const unlike = differences(seen.pool, settings, place);
  const fits =
    unlike.length === 0
      ? ok(`${subject}: profile`, `revision ${seen.pool.profile.revision} is what the inputs ask for`)
      : warning(`${subject}: profile`, {
          found: "its containers are not what the inputs ask for, so none is claimed",
          cause: `${unlike.join("; ")}.`,
          fix: `Make both the same: ${setUp} with the image, size, subnet and variables of these inputs.`,
        });
  const { revision } = seen.pool.profile;
  const behind =
    seen.latestRevision <= revision
      ? []
      : [
          warning(`${subject}: revision`, {
            found: `the pool uses revision ${revision} of its profile, the latest is ${seen.latestRevision}`,
            cause: "Containers of the pool are still made of the earlier one.",
            fix: setUp,
          }),
        ];
  const holders = failed(providerMay) ? notChecked(`${subject}: roles of its provider`, "may not be read") : undefined;
  const may = failed(providerMay) ? undefined : providerMay;
  return [
    ...provider,
    judgeReadiness(subject, seen, may),
    fits,
    ...behind,
    ...(holders ? [holders] : []),
    ...rights.found,
  ];
}
