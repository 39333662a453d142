// Asks for what an organization, its pools and their queues are.
import type { Stand } from "../../devops/fixture/organization-fixture.ts";
import type { Looks } from "../looks.ts";
import { devopsLook } from "./devops-look.ts";

export async function organization(stand: Stand, looks: Looks): Promise<void> {
  const at = devopsLook(stand, looks);
  const tasks = "_apis/distributedtask";
  stand.organization.addPlaceholder(stand.poolName);
  await at("GET /{org}/_apis/ConnectionData 200", "_apis/ConnectionData");
  await at("GET /{org}/_apis/ResourceAreas 200", "_apis/ResourceAreas");
  await at("GET /{org}/_apis/distributedtask/pools 401", `${tasks}/pools`, { token: "no longer valid" });
  const pools = await at("GET /{org}/_apis/distributedtask/pools 200", `${tasks}/pools?poolName=${stand.poolName}`);
  const pool = `${tasks}/pools/${pools.value[0]?.id}`;
  await at("GET /{org}/_apis/distributedtask/pools/* 200", pool);
  const agents = await at("GET /{org}/_apis/distributedtask/pools/*/agents 200", `${pool}/agents`);
  await at("GET /{org}/_apis/distributedtask/pools/*/agents/* 200", `${pool}/agents/${agents.value[0]?.id}`);
  const ofProject = `${stand.organization.projects[0]?.name}/${tasks}/queues`;
  await at("GET /{org}/{project}/_apis/distributedtask/queues 401", ofProject, { token: "no longer valid" });
  const queues = await at("GET /{org}/{project}/_apis/distributedtask/queues 200", ofProject);
  const queue = `${ofProject}/${queues.value[0]?.id}`;
  await at("GET /{org}/{project}/_apis/distributedtask/queues/* 200", queue);
}
