// Checks the quota of the region for container groups.

import { failed, type Look, unread } from "../check-context.ts";
import type { Usages } from "../check-ports.ts";
import { type Found, ok, warning, wrong } from "../finding.ts";

/** What this step's agents take together. */
interface Want {
  readonly groups: number;
  readonly cores: number;
}

/** @param location region whose quota it is */
function judgeQuota({ usages, requestsLeft }: Usages, want: Want, location: string): Found[] {
  const subject = `quota in ${location}`;
  const kinds = [
    { name: "ContainerGroups", words: "container groups", needed: want.groups },
    { name: "StandardCores", words: "cores", needed: want.cores },
  ];
  const known = kinds.flatMap((kind) => {
    const usage = usages.find(({ name }) => name.toLowerCase() === kind.name.toLowerCase());
    return usage === undefined ? [] : [{ ...kind, ...usage, left: Math.max(0, usage.limit - usage.used) }];
  });
  const left = known.map((one) => `${one.left} of ${one.limit} ${one.words} left`).join(", ");
  const short = known.filter((one) => one.left < one.needed);
  const quota =
    short.length === 0
      ? ok(subject, left || "no limit is told")
      : wrong(subject, {
          found: left,
          cause: short.map((one) => `${one.needed} ${one.words} are needed, ${one.left} are left.`).join(" "),
          fix: `az container list --query "[?location=='${location}'].id" shows what can be deleted; more is asked for in the portal: Subscriptions > Usage + quotas > Container Instances.`,
        });
  return [quota, ...requests(requestsLeft, want, location)];
}

/** Only some answers tell (facts aci-azure-sdk §2.3); when none does, nothing is known. */
function requests(left: number | undefined, want: Want, location: string): Found[] {
  if (left === undefined) return [];
  const subject = `requests left in ${location}`;
  if (left >= want.groups) return [ok(subject, `${left} in this hour`)];
  return [
    warning(subject, {
      found: `${left} in this hour`,
      cause: "Azure lets a subscription create about 300 container groups an hour, and 100 in five minutes.",
      fix: "Wait, or start fewer agents at the same time.",
    }),
  ];
}

export async function checkQuota({ azure, read }: Look, location: string, want: Want): Promise<Found[]> {
  const usages = await read("usages", () => azure.usages(location));
  if (!failed(usages)) return judgeQuota(usages, want, location);
  // The check of the provider reports this.
  if (usages.code === "MissingSubscriptionRegistration") return [];
  return [unread(`quota in ${location}`, usages)];
}
