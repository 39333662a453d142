// Runs all checks of Azure DevOps.

import { failed, faulty, type Look } from "../check-context.ts";
import { type Found, notChecked } from "../finding.ts";
import { judgeAutoUpdate, judgeHosted, judgeManage, judgeMissingPool, judgePackage } from "./agent-pool.ts";
import { addPlaceholder, judgePlaceholder, runInUse } from "./placeholder-agent.ts";
import { checkMaintenance } from "./pool-maintenance.ts";
import { judgeCaller } from "./token-identity.ts";

export async function checkDevOps(look: Look): Promise<Found[]> {
  const { devops, settings, read } = look;
  const { url, token, jobToken } = settings.devops;
  const caller = await read("caller", () => devops.caller());
  if (failed(caller)) {
    return [faulty("Azure DevOps identity", caller), notChecked("pool", "it needs a token that Azure DevOps accepts")];
  }
  const ownToken = "token" in token && token.token === jobToken;
  const identity = judgeCaller(caller, token.kind, ownToken, settings.run);
  const name = settings.agentPool;
  const pool = await read("pool", () => devops.pool(name));
  if (failed(pool)) return [identity, faulty(`pool ${name}`, pool)];
  if (pool === undefined) return [identity, ...judgeMissingPool(name, url, caller)];
  if (pool.hosted) return [identity, judgeHosted(pool, url)];
  const { records } = pool;
  const [may, agentPackage, agents, requests, maintenance] = await Promise.all([
    read("mayManage", () => devops.mayManage(records.id)),
    read("agentPackage", () => records.agentPackage()),
    read("agents", () => records.list()),
    read("jobRequests", () => records.jobRequests()),
    checkMaintenance(look, pool),
  ]);
  const placeholder = async (): Promise<Found> => {
    if (failed(agents)) return faulty("placeholder", agents);
    const judged = judgePlaceholder(agents, settings, !failed(requests) && runInUse(requests));
    const add = judged.level === "wrong" && settings.addPlaceholder && may !== false && !failed(agentPackage);
    if (!add) return judged;
    const names = agents.map((agent) => agent.name);
    return addPlaceholder(look, records, agentPackage, names);
  };
  return [
    identity,
    judgeHosted(pool, url),
    ...judgeManage(pool, failed(may) ? undefined : may, caller, url),
    ...judgeAutoUpdate(pool, url),
    maintenance,
    failed(agentPackage) ? faulty("agent package", agentPackage) : judgePackage(agentPackage),
    await placeholder(),
  ];
}
