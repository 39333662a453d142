import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { StandbyPool } from "../../../../simulator/arm/standby/standby-pool.ts";
import { apiVersion, errorOf, type Stand, startStand } from "../azure-fixture.ts";
import {
  assertShows,
  at,
  claimOf,
  giveStandbyRoles,
  type Json,
  poolApi,
  poolBody,
  poolOf,
  poolPath,
  profileApi,
  profileBody,
  profilePath,
} from "./standby-fixture.ts";

/** Every property that the service showed, by its path: of the recordings of 2024-03-19 to 2025-07-21. */
const recorded = {
  pool: [
    ...["id", "name", "type", "location", "tags", "systemData", "properties.elasticityProfile.maxReadyCapacity"],
    ...["properties.elasticityProfile.refillPolicy", "properties.containerGroupProperties.containerGroupProfile.id"],
    ...["properties.containerGroupProperties.containerGroupProfile.revision", "properties.provisioningState"],
  ],
  runtimeView: ["id", "name", "type", "properties.instanceCountSummary", "properties.status.code"],
  claimed: [
    ...["id", "name", "type", "location", "tags", "properties.sku", "properties.isCreatedFromStandbyPool"],
    ...["properties.provisioningState", "properties.containers", "properties.initContainers", "properties.osType"],
    ...["properties.instanceView.state", "properties.subnetIds", "properties.containerGroupProfile.id"],
    ...["properties.containerGroupProfile.revision", "properties.provisioningTimeoutInSeconds"],
  ],
} as const;

describe("a standby pool", () => {
  let stand: Stand;
  let pool: StandbyPool;
  const call = (path: string, method = "GET", body?: object) =>
    stand.call(path, { method, ...(body && { body }) }, stand.administrator);

  before(async () => {
    stand = await startStand({ standbyPauseMs: 20 });
    giveStandbyRoles(stand);
    await call(`${profilePath(stand)}?${profileApi}`, "PUT", profileBody(stand));
    const made = await call(`${poolPath(stand)}?${poolApi}`, "PUT", poolBody(stand, { maxReadyCapacity: 2 }));
    assert.equal(made.status, 200, made.text);
    assert.equal(at(made.json(), "type"), "microsoft.standbypool/standbycontainergrouppools");
    assert.match(String(made.headers.etag), /./);
    assertShows(made.json(), recorded.pool);
    pool = poolOf(stand);
  });
  after(() => stand.stop());

  async function claim(name: string, changes: object = {}, principal = stand.deployer) {
    await pool.ready(1);
    const body = { ...claimOf(stand, { "agent.sealed": "package" }), ...changes };
    return stand.call(`${stand.groupsPath}/${name}?${profileApi}`, { method: "PUT", body }, principal);
  }

  it("tells how many of its groups run, and that it is degraded as long as some are missing", async () => {
    await pool.ready(2);
    const view = (await call(`${poolPath(stand)}/runtimeViews/latest?${poolApi}`)).json();
    assertShows(view, recorded.runtimeView);
    const [summary] = at(view, "properties.instanceCountSummary") as Json[];
    assert.deepEqual(summary?.instanceCountsByState, [
      { state: "Deleting", count: 0 },
      { state: "Running", count: 2 },
      { state: "Creating", count: 0 },
    ]);
    assert.equal(at(view, "properties.status.code"), "HealthState/healthy");
  });

  it("gives a running group away under the name of whoever asks, and makes another in its place", async () => {
    const { status, headers, json } = await claim("claimed", { tags: { owner: "me" } });
    assert.equal(status, 201);
    assert.ok(headers["azure-asyncoperation"]);
    const body = json();
    assertShows(body, recorded.claimed);
    assert.deepEqual(
      ["name", "tags.owner", "properties.provisioningState", "properties.instanceView.state"].map((path) =>
        at(body, path),
      ),
      ["claimed", "me", "Succeeded", "Running"],
    );
    assert.equal(at(body, "properties.isCreatedFromStandbyPool"), true);
    const [container] = at(body, "properties.containers") as Json[];
    assert.equal(container?.name, "waiting", "the container keeps the name that it has in the profile");
    assert.deepEqual(at(container, "properties.configMap.keyValuePairs"), { "agent.sealed": "package" });
    assert.equal(at(body, "properties.standbyPoolProfile"), undefined);
    await pool.ready(2);
  });

  it("applies the config map to the container that runs, as files", async () => {
    await claim("configured");
    const root = stand.arm.containerGroup("configured").deployment.running?.rootFolder ?? "";
    assert.equal(readFileSync(join(root, "mnt/configmap/waiting/agent.sealed"), "utf8"), "package");
  });

  it("drops the config map of a container by another name, without a word", async () => {
    const properties = claimOf(stand, { "agent.sealed": "package" }, "another").properties;
    const { status, json } = await claim("unconfigured", { properties });
    assert.equal(status, 201);
    const [container] = at(json(), "properties.containers") as Json[];
    assert.deepEqual(at(container, "properties.configMap.keyValuePairs"), {});
  });

  it("refuses any other property of the group", async () => {
    const { properties } = claimOf(stand, {}) as { properties: Json };
    for (const more of [{ osType: "Linux" }, { restartPolicy: "Never" }, { ipAddress: { type: "Private" } }]) {
      const answer = await claim("refused", { properties: { ...properties, ...more } });
      assert.equal(answer.status, 400);
      const message = "ContainerGroup properties other than config map are not allowed";
      assert.deepEqual(errorOf(answer), { code: "BadRequest", message });
    }
  });

  it("gives the claimer's identities to the container, where the claimer may, and none to a profile", async () => {
    const identity = { type: "UserAssigned", userAssignedIdentities: { [stand.pullIdentityId]: {} } };
    const refused = await claim("unentitled", { identity });
    assert.equal(errorOf(refused).code, "LinkedAuthorizationFailed");
    const { json, status } = await claim("entitled", { identity }, stand.administrator);
    assert.equal(status, 201);
    assert.ok(at(json(), "identity.userAssignedIdentities"));
    const ofProfile = { ...profileBody(stand), identity };
    assert.equal((await call(`${profilePath(stand, "named")}?${profileApi}`, "PUT", ofProfile)).status, 400);
  });

  it("shows the claimer's log under the container's name of the profile", async () => {
    await claim("logged");
    const logs = (container: string) =>
      stand.call(`${stand.groupsPath}/logged/containers/${container}/logs?${apiVersion}`);
    // A container runs before its script has written anything.
    while (!/I wait/.test((await logs("waiting")).text));
    assert.equal((await logs("logged")).status, 404);
  });

  it("goes away with its waiting groups, and leaves those that it gave away", async () => {
    const path = poolPath(stand, "passing");
    await call(`${path}?${poolApi}`, "PUT", poolBody(stand, { maxReadyCapacity: 1 }));
    await poolOf(stand, path).ready(1);
    const { status, headers } = await call(`${path}?${poolApi}`, "DELETE");
    assert.equal(status, 202);
    const operation = String(headers["azure-asyncoperation"]);
    assert.equal(headers.location, operation);
    const poll = async (): Promise<Json> => {
      const answer = await call(operation.slice(stand.armOrigin.length));
      return answer.status === 202 ? poll() : (answer.json() as Json);
    };
    assert.equal((await poll()).status, "Succeeded");
    const left = stand.arm.containerGroups().map(({ name }) => name);
    assert.deepEqual(
      left.filter((name) => name.startsWith("passing-")),
      [],
    );
    assert.ok(left.includes("claimed"));
  });

  it("replaces its groups when its profile changes, and shrinks to nothing by a PATCH", async () => {
    const path = poolPath(stand, "changing");
    await call(`${path}?${poolApi}`, "PUT", poolBody(stand, { maxReadyCapacity: 1 }));
    const changing = poolOf(stand, path);
    await changing.ready(1);
    const namesOf = () =>
      stand.arm.containerGroups().flatMap(({ name }) => (name.startsWith("changing-") ? [name] : []));
    const [before] = namesOf();
    await call(`${profilePath(stand)}?${profileApi}`, "PUT", profileBody(stand));
    const group = stand.arm.containerGroup(before ?? "");
    await call(`${path}?${poolApi}`, "PUT", poolBody(stand, { maxReadyCapacity: 1 }));
    await group.when(({ deleting }) => deleting);
    await changing.ready(1);
    const elasticityProfile = { maxReadyCapacity: 0 };
    const after = stand.arm.containerGroup(namesOf().filter((name) => name !== before)[0] ?? "");
    const patched = await call(`${path}?${poolApi}`, "PATCH", { properties: { elasticityProfile } });
    assert.equal(at(patched.json(), "properties.elasticityProfile.maxReadyCapacity"), 0);
    await after.when(({ deleting }) => deleting);
  });
});

describe("an empty standby pool", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand({ standbyPauseMs: 20 });
    const put = (path: string, body: object) => stand.call(path, { method: "PUT", body }, stand.administrator);
    await put(`${profilePath(stand)}?${profileApi}`, profileBody(stand));
    await put(`${poolPath(stand)}?${poolApi}`, poolBody(stand, { maxReadyCapacity: 1 }));
    giveStandbyRoles(stand, "claimer only");
  });
  after(() => stand.stop());

  const claim = (name: string, fails: boolean) => {
    const body = claimOf(stand, { "agent.sealed": "package" }, "waiting", fails);
    return stand.call(`${stand.groupsPath}/${name}?${profileApi}`, { method: "PUT", body });
  };

  it("has nothing to give while its provider may not make groups, and refuses who wants no other", async () => {
    const view = await stand.call(`${poolPath(stand)}/runtimeViews/latest?${poolApi}`, {}, stand.administrator);
    assert.equal(at(view.json(), "properties.status.code"), "HealthState/degraded");
    assert.equal((await claim("refused", true)).status, 409);
  });

  it("makes a group of the profile from nothing for who takes any", async () => {
    const { status, json } = await claim("cold", false);
    assert.equal(status, 201);
    assert.equal(at(json(), "properties.isCreatedFromStandbyPool"), false);
    assert.equal(at(json(), "properties.provisioningState"), "Pending");
    await stand.arm.containerGroup("cold").when(({ state }) => state === "Running");
  });

  it("fills itself as soon as its provider may", async () => {
    giveStandbyRoles(stand);
    await poolOf(stand).ready(1);
  });
});
