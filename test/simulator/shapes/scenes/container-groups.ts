// Requests about container groups whose answers are compared with recordings.
import { apiVersion, plainGroup, type Stand } from "../../arm/azure-fixture.ts";
import type { Looks } from "../looks.ts";

const group = "{rg}/Microsoft.ContainerInstance/containerGroups/*";
const operation = "GET {sub}/providers/Microsoft.ContainerInstance/locations/*/operations/* 200";

const addressOf = (header: unknown): string => {
  const { pathname, search } = new URL(String(header));
  return pathname + search;
};

/** As an agent's group is, and with what else was recorded of groups that are made or run. */
function shapedGroup(stand: Stand, script: string): object {
  const ports = [{ port: 8080, protocol: "TCP" }];
  return plainGroup(
    stand,
    { ipAddress: { type: "Private", ports }, volumes: [{ name: "files", secret: { a: "YQ==" } }] },
    {
      command: ["/bin/bash", "-c", script],
      ports,
      environmentVariables: [{ name: "A", value: "a" }],
      volumeMounts: [{ name: "files", mountPath: "/mnt/files" }],
    },
    { identity: { type: "SystemAssigned" } },
  );
}

const image = (stand: Stand) => ({
  image: stand.registry.image,
  resources: { requests: { cpu: 1, memoryInGB: 2 } },
});

/** As the groups were of which a GET found them pending: a public address and an identity, no command. */
function addressedGroup(stand: Stand): object {
  const ports = [{ port: 80, protocol: "TCP" }];
  const container = { name: "agent", properties: { ...image(stand), ports } };
  const properties = { osType: "Linux", restartPolicy: "Never", ipAddress: { type: "Public", ports } };
  return {
    location: stand.location,
    identity: { type: "SystemAssigned" },
    properties: { ...properties, containers: [container] },
  };
}

/** As the groups were whose container failed. */
function failingGroup(stand: Stand): object {
  const ports = [{ port: 80, protocol: "TCP" }];
  const command = ["/bin/bash", "-c", "exit 2"];
  const container = { name: "agent", properties: { ...image(stand), ports, command } };
  const properties = { osType: "Linux", restartPolicy: "Never", ipAddress: { type: "Public", ports } };
  return { location: stand.location, properties: { ...properties, containers: [container] } };
}

/** As the groups were that somebody tagged, stopped and restarted: nothing but an image. */
function plainestGroup(stand: Stand): object {
  const container = { name: "agent", properties: image(stand) };
  return { location: stand.location, properties: { osType: "Linux", containers: [container] } };
}

function callsOf(stand: Stand) {
  const call = (method: string, name: string, what = "", body?: object) =>
    stand.call(
      `${stand.groupsPath}/${name}${what}?${apiVersion}`,
      { method, ...(body && { body }) },
      stand.administrator,
    );
  const follow = (address: string) => stand.call(address, {}, stand.administrator);
  const reaches = (name: string, stage: string) =>
    stand.arm.containerGroup(name).when(({ deployment }) => deployment.provisioningState === stage);
  return { call, follow, reaches };
}

/** @param stand whose groups stay Pending */
export async function pendingGroup(stand: Stand, looks: Looks): Promise<void> {
  const { call, follow } = callsOf(stand);
  const put = await looks.at(`PUT ${group} 201 Pending/Pending`, stand.put("early", shapedGroup(stand, "sleep 1000")));
  await looks.at(`${operation} Pending`, follow(addressOf(put.headers["azure-asyncoperation"])));
  await stand.put("addressed", addressedGroup(stand));
  await looks.at(`GET ${group} 200 Pending/Pending`, call("GET", "addressed"));
  await call("DELETE", "addressed");
  await call("DELETE", "early");
}

/** A group in all other recorded states. */
export async function containerGroups(stand: Stand, looks: Looks): Promise<void> {
  const { call, follow, reaches } = callsOf(stand);
  stand.arm.inject("never-starts", { times: 1 });
  const stuck = await stand.put("stuck", shapedGroup(stand, "sleep 1000"));
  await reaches("stuck", "Creating");
  await looks.at(`${operation} Creating`, follow(addressOf(stuck.headers["azure-asyncoperation"])));
  await call("DELETE", "stuck");

  const put = await stand.put("shaped", shapedGroup(stand, "sleep 1000"));
  await reaches("shaped", "Succeeded");
  await looks.at(`${operation} Succeeded`, follow(addressOf(put.headers["azure-asyncoperation"])));
  await looks.at(`GET ${group} 200 Succeeded/Running`, call("GET", "shaped"));
  await looks.at(`GET ${group}/containers/*/logs 200`, call("GET", "shaped", "/containers/agent/logs"));
  await call("DELETE", "shaped");
  await looks.at(`GET ${group} 404 error:ContainerGroupNotFound`, call("GET", "shaped"));
  await looks.at(`GET ${group} 404 error:ResourceNotFound`, call("GET", "shaped"));

  const idle = stand.arm.inject("does-nothing", { group: /^plainest$/ });
  await stand.put("plainest", plainestGroup(stand));
  await reaches("plainest", "Succeeded");
  await looks.at(`PATCH ${group} 200 Succeeded/Running`, call("PATCH", "plainest", "", { tags: { Team: "blue" } }));
  await looks.at(`POST ${group}/stop 204`, call("POST", "plainest", "/stop"));
  await looks.at(`GET ${group} 200 Succeeded/Stopped`, call("GET", "plainest"));
  await looks.at(`PATCH ${group} 200 Succeeded/Stopped`, call("PATCH", "plainest", "", { tags: { Team: "red" } }));
  await looks.at(`POST ${group}/start 204`, call("POST", "plainest", "/start"));
  await reaches("plainest", "Succeeded");
  idle.remove();
  stand.arm.inject("never-starts", { times: 1 });
  await looks.at(`POST ${group}/restart 204`, call("POST", "plainest", "/restart"));
  await looks.at(`GET ${group} 200 Updating/Running`, call("GET", "plainest"));
  await call("DELETE", "plainest");

  await stand.put("running", shapedGroup(stand, "sleep 1000"));
  await reaches("running", "Succeeded");
  await looks.at(`DELETE ${group} 200 Succeeded/Running`, call("DELETE", "running"));

  await stand.put("ended", failingGroup(stand));
  await stand.arm.containerGroup("ended").when(({ state }) => state === "Failed");
  await looks.at(`GET ${group} 200 Succeeded/Failed`, call("GET", "ended"));
  await call("DELETE", "ended");

  stand.arm.inject("capacity", { times: 1 });
  const unplaced = await stand.put("unplaced", shapedGroup(stand, "sleep 1000"));
  await reaches("unplaced", "Failed");
  await looks.at(`${operation} Failed`, follow(addressOf(unplaced.headers["azure-asyncoperation"])));
  await call("DELETE", "unplaced");

  const address = { type: "Public", dnsNameLabel: "shaped", ports: [{ port: 80, protocol: "TCP" }] };
  const listed = { ipAddress: address, volumes: [{ name: "files", secret: { a: "YQ==" } }], subnetIds: [] };
  await stand.put("listed", plainGroup(stand, listed, { volumeMounts: [{ name: "files", mountPath: "/mnt/files" }] }));
  await reaches("listed", "Succeeded");
  await looks.at("GET {rg}/Microsoft.ContainerInstance/containerGroups 200", call("GET", ""));
  await call("DELETE", "listed");

  const subscription = `/subscriptions/${stand.arm.subscriptionId}`;
  const nowhere = `${subscription}/resourceGroups/none/providers/Microsoft.ContainerInstance/containerGroups/shaped`;
  await looks.at(
    `DELETE ${group} 404 error:ResourceGroupNotFound`,
    stand.call(`${nowhere}?${apiVersion}`, { method: "DELETE" }, stand.administrator),
  );
  const usages = `${subscription}/providers/Microsoft.ContainerInstance/locations/${stand.location}/usages`;
  await looks.at(
    "GET {sub}/providers/Microsoft.ContainerInstance/locations/*/usages 200",
    stand.call(`${usages}?${apiVersion}`, {}, stand.administrator),
  );
}
