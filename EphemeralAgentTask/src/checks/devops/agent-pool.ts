// Checks the agent pool and the rights in it.
import type { AgentPackage } from "../../ports.ts";
import type { Caller, PoolView } from "../check-ports.ts";
import { type Found, notChecked, ok, warning, wrong } from "../finding.ts";

/** A page of the organization's settings. */
const page = (url: string, poolId: number, view: string) => `${url}_settings/agentpools?poolId=${poolId}&view=${view}`;

export function judgeMissingPool(name: string, url: string, caller: Caller): Found[] {
  const subject = `pool ${name}`;
  return [
    wrong(subject, {
      found: "does not exist",
      cause: `${url} shows no agent pool of this name to ${caller.name}, who may also lack the right to see it.`,
      fix: `Check agentPool. Organization settings > Agent pools > Add pool > Self-hosted (${url}_settings/agentpools), or make ${caller.name} Administrator of the pool.`,
    }),
    notChecked(subject, "rights, automatic update and placeholder need the pool"),
  ];
}

export function judgeHosted({ records, hosted }: PoolView, url: string): Found {
  const subject = `pool ${records.name}`;
  if (!hosted) return ok(subject, `exists, with id ${records.id}`);
  return wrong(subject, {
    found: "is Microsoft-hosted",
    cause: "Nobody can add agents to such a pool.",
    fix: `Name a self-hosted pool in agentPool: Organization settings > Agent pools > Add pool > Self-hosted (${url}_settings/agentpools).`,
  });
}

/** @param may undefined when the organization would not say */
export function judgeManage({ records }: PoolView, may: boolean | undefined, caller: Caller, url: string): Found[] {
  const subject = `rights in pool ${records.name}`;
  if (may === undefined) return [];
  if (may) return [ok(subject, `${caller.name} may add and remove agents`)];
  return [
    wrong(subject, {
      found: `${caller.name} may not add and remove agents`,
      cause:
        "Only an Administrator of the pool may, and the role counts on the organization's page; the project's page of the same name is not enough.",
      fix: `Organization settings > Agent pools > ${records.name} > Security: make ${caller.name} Administrator (${page(url, records.id, "security")}).`,
    }),
  ];
}

/** An update in the middle of the first job's wait (facts agent-protocol §2.3). */
export function judgeAutoUpdate({ records, autoUpdate }: PoolView, url: string): Found[] {
  const subject = `automatic update in pool ${records.name}`;
  if (autoUpdate === undefined) return [];
  if (!autoUpdate) return [ok(subject, "off")];
  return [
    warning(subject, {
      found: "on",
      cause:
        "The service may make a new agent download itself again before its job, which takes minutes. Every agent here is new anyway.",
      fix: `Organization settings > Agent pools > ${records.name} > Settings: switch off 'Allow agents in this pool to automatically update' (${page(url, records.id, "settings")}).`,
    }),
  ];
}

export function judgePackage({ version, url }: AgentPackage): Found {
  return ok("agent package", `${version}, from ${new URL(url).host} (unless the image brings the agent)`);
}
