// What somebody sees who may only look at the resource group and the pool.
import type { LoggedRequest } from "../../../simulator/http/request-log.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { askAzure, askOrganization } from "../scenario/manual-changes.ts";
import type { Place } from "./secret-values.ts";

const groups = ({ ready }: Simulator) =>
  `/subscriptions/${ready.subscriptionId}/resourceGroups/${ready.resourceGroup}/providers/Microsoft.ContainerInstance/containerGroups`;

const everything = "includeCapabilities=true&includeAssignedRequest=true&includeLastCompletedRequest=true";

async function azure(simulator: Simulator): Promise<Place[]> {
  const list = await askAzure(simulator, groups(simulator));
  const seen: Place[] = [["list of container groups", list.text]];
  for (const { id, name } of simulator.arm.containerGroups()) {
    const one = await askAzure(simulator, id);
    if (one.status !== 200) continue;
    seen.push(["container group", one.text]);
    seen.push(["container log", (await askAzure(simulator, `${id}/containers/${name}/logs`)).text]);
  }
  return seen;
}

async function pool(simulator: Simulator): Promise<Place[]> {
  const reader = simulator.organization.issuePersonalAccessToken("Reader");
  const ask = (path: string) => askOrganization(simulator, reader.token, `_apis/distributedtask/pools/1/${path}`);
  const [agents, requests] = await Promise.all([
    ask(`agents?${everything}`),
    ask("jobrequests?completedRequestCount=50"),
  ]);
  reader.revoke();
  return [
    ["agents of the pool", agents.text],
    ["job requests of the pool", requests.text],
  ];
}

/** Looks at everything once. */
export async function look(simulator: Simulator): Promise<Place[]> {
  return (await Promise.all([azure(simulator), pool(simulator)])).flat();
}

/** Looks after every change that a request made, until it is stopped. */
export function lookOn(simulator: Simulator): { stop(): Promise<Place[]> } {
  const { requests } = simulator;
  const [seen, looked] = [new Map<string, Place>(), new Set<LoggedRequest>()];
  const stopped = new AbortController();
  const over = new Promise<void>((resolve) => stopped.signal.addEventListener("abort", () => resolve()));
  const change = () =>
    requests.answered(
      (one) => ["arm", "devops"].includes(one.site) && !["GET", "OPTIONS"].includes(one.method) && !looked.has(one),
    );
  const looking = (async () => {
    while (!stopped.signal.aborted) {
      const changed = await Promise.race([change(), over]);
      if (changed !== undefined) looked.add(changed);
      for (const place of await look(simulator)) seen.set(place.join(" "), place);
    }
    return [...seen.values()];
  })();
  looking.catch(() => undefined);
  return {
    stop() {
      stopped.abort();
      return looking;
    },
  };
}
