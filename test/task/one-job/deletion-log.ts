// Who deleted whose agent, and how that stood: noted at the moment when the request comes, before it is handled.
import type { Run } from "../../../simulator/devops/runs/runs.ts";
import type { SimRequest } from "../../../simulator/http/https-site.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { isFrom, type Who } from "../cleanup/own-requests.ts";

export interface Deletion {
  readonly what: "record" | "container group";
  readonly name: string;
  /** The run whose step sent it. */
  readonly by: number | undefined;
  /** The run that made it, which its name tells. */
  readonly of: number;
  readonly ownerIsOver: boolean;
  readonly busy: boolean;
}

/** Whose run a name belongs to. */
export const runOf = (name: string): number => Number(/^eph-(\d+)-/.exec(name)?.[1]);

/** @param members every run there is, with the credentials of its steps so far */
export function noteDeletions(
  { organization, faults }: Simulator,
  members: readonly { readonly run: Run; readonly steps: readonly Who[] }[],
): Deletion[] {
  const noted: Deletion[] = [];
  const nameOf = ({ url }: SimRequest): string | undefined => {
    const [, agentId] = /\/agents\/(\d+)$/.exec(url.pathname) ?? [];
    if (agentId !== undefined) return organization.agents().find(({ id }) => String(id) === agentId)?.name;
    return /\/containerGroups\/([^/]+)$/i.exec(url.pathname)?.[1];
  };
  const call = (request: SimRequest) => {
    const name = nameOf(request);
    if (name === undefined) return undefined;
    const of = runOf(name);
    const sender = members.find(({ steps }) => steps.some((who) => isFrom(who, request)));
    const record = organization.agents().find((agent) => agent.name === name);
    noted.push({
      what: request.url.pathname.includes("/agents/") ? "record" : "container group",
      name,
      by: sender?.run.id,
      of,
      ownerIsOver: members.find(({ run }) => run.id === of)?.run.status === "completed",
      busy: record?.assignedRequestId !== undefined,
    });
    return undefined;
  };
  faults.add({ method: "DELETE", effect: { call } });
  return noted;
}
