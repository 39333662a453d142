// Open points of Azure DevOps: registering an agent, and what the organization answers about it.
import { agentDefinition } from "../../EphemeralAgentTask/src/plan/agent-and-container-group.ts";
import type { RegisteredAgent } from "../../EphemeralAgentTask/src/ports.ts";
import { notTried, type Point, type Seen, seen } from "./point.ts";
import { at } from "./raw-requests.ts";
import type { Bench } from "./smoke-test-resources.ts";

const mark = "EphemeralAgent.Run";

/** Points before the container. They leave the bench an agent record. */
export function registrationPoints(bench: Bench): readonly Point[] {
  const { pool, wire, made, plan } = bench;
  const agents = `_apis/distributedtask/pools/${pool.id}/agents`;
  const withAgent = (look: (agent: RegisteredAgent) => Promise<Seen>) => async (): Promise<Seen> =>
    made.agent === undefined ? notTried("There is no agent record.") : look(made.agent);
  return [
    {
      id: "H4",
      what: "The token may administer the pool",
      expected: "a Boolean: true",
      look: async () => {
        const may = await bench.mayManage();
        return seen(may === true, String(may));
      },
    },
    {
      id: "H3",
      what: "The agent package that the organization offers",
      expected: "a version, an address, and a hash of 64 hexadecimal digits",
      look: async () => {
        made.agentPackage = await pool.agentPackage();
        const { version, url, sha256 } = made.agentPackage;
        return seen(/^[0-9a-f]{64}$/i.test(sha256), `${version} at ${new URL(url).host}, hash ${sha256}`);
      },
    },
    {
      id: "H1",
      what: "Registering an agent by REST",
      expected: "the answer names an authorization address; a later GET does not",
      look: async () => {
        if (made.agentPackage === undefined) return notTried("No agent package is known.");
        made.agent = await pool.register(agentDefinition(plan, made.agentPackage));
        const { json } = await wire.devops("GET", `${agents}/${made.agent.id}`);
        const later = at(json, "authorization", "authorizationUrl");
        const { data } = JSON.parse(made.agent.files["credentials.json"]) as { data: { authorizationUrl: string } };
        return seen(later === undefined, `authorization at ${new URL(data.authorizationUrl).host}; later ${later}`);
      },
    },
    {
      id: "A4",
      what: "User capabilities of an offline agent",
      expected: "they are kept, and read back",
      look: withAgent(async ({ id }) => {
        await pool.setCapabilities(id, plan.capabilities);
        const kept = (await pool.get(id))?.capabilities[mark];
        return seen(kept === plan.capabilities[mark], `${mark} is ${kept}`);
      }),
    },
    {
      id: "A3",
      what: "A token for the agent, before its container is created",
      expected: "a token",
      look: withAgent(async (agent) => {
        await pool.tryCredential(agent);
        return seen(true, "a token");
      }),
    },
    {
      id: "H1b",
      what: "Disabling an agent, and enabling it again",
      expected: "200 and 200",
      look: withAgent(async ({ id }) => {
        const off = await wire.devops("PATCH", `${agents}/${id}?api-version=7.1`, { id, enabled: false });
        const on = await wire.devops("PATCH", `${agents}/${id}?api-version=7.1`, { id, enabled: true });
        const done = at(off.json, "enabled") === false && at(on.json, "enabled") === true;
        return seen(done, `${off.status} and ${on.status}`);
      }),
    },
    {
      id: "B3",
      what: "Job requests of an agent may be read",
      expected: "200 with a list",
      look: withAgent(async ({ id }) => {
        const requests = `_apis/distributedtask/pools/${pool.id}/jobrequests`;
        const { status, json } = await wire.devops("GET", `${requests}?agentId=${id}&completedRequestCount=1`);
        return seen(status === 200 && Array.isArray(at(json, "value")), `${status}, ${at(json, "count")} requests`);
      }),
    },
  ];
}

/** What deleting an agent that is not there answers. */
export function missingAgentPoint({ pool, wire, made }: Bench): Point {
  return {
    id: "H2",
    what: "Deleting an agent that is not there",
    expected: "404 with TaskAgentNotFoundException",
    look: async () => {
      if (made.agent === undefined) return notTried("There was no agent record.");
      const path = `_apis/distributedtask/pools/${pool.id}/agents/${made.agent.id}?api-version=7.1`;
      const { status, json } = await wire.devops("DELETE", path);
      return seen(
        status === 404 && at(json, "typeKey") === "TaskAgentNotFoundException",
        `${status} ${at(json, "typeKey")}`,
      );
    },
  };
}
