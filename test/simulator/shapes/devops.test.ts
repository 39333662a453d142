// What the simulated Azure DevOps answers has the shape of what the service answered.
import assert from "node:assert/strict";
import { openStand, type Stand } from "../devops/stand.ts";
import { type Allowed, unexpected } from "./allowed.ts";
import { Looks } from "./looks.ts";
import { keyOf, readShapes } from "./shape.ts";

const shapes = readShapes("devops-shapes.jsonl");
/** With those of the other file at most fifteen. */
const agent = "GET /{org}/_apis/distributedtask/pools/*/agents/* 200";
const allowed: readonly Allowed[] = [
  {
    key: "GET /{org}/_apis/distributedtask/pools/* 200",
    difference: "type of agentCloudId",
    reason: "The recorded pools were Microsoft's own, in a cloud with a number; lists show null for others.",
  },
  {
    key: agent,
    difference: "member accessPoint",
    reason: "Recorded in lists only: the single agents that were recorded had never been connected.",
  },
  {
    key: agent,
    difference: "member statusChangedOn",
    reason: "Recorded in lists only: the single agents that were recorded had never been connected.",
  },
];

async function play(stand: Stand, looks: Looks): Promise<void> {
  const at = async (key: string, path: string) => {
    const { status, headers, json } = await stand.call("GET", path, { apiVersion: undefined });
    const text = JSON.stringify(json);
    await looks.at(`GET ${key} 200`, Promise.resolve({ status, headers, text, json: () => json }));
    return json as { readonly value: readonly { readonly id: number }[] };
  };
  stand.organization.addPlaceholder(stand.poolName);
  await at("/{org}/_apis/ConnectionData", "_apis/ConnectionData");
  await at("/{org}/_apis/ResourceAreas", "_apis/ResourceAreas");
  const pools = await at(
    "/{org}/_apis/distributedtask/pools",
    `_apis/distributedtask/pools?poolName=${stand.poolName}`,
  );
  const pool = `_apis/distributedtask/pools/${pools.value[0]?.id}`;
  await at("/{org}/_apis/distributedtask/pools/*", pool);
  const agents = await at("/{org}/_apis/distributedtask/pools/*/agents", `${pool}/agents`);
  await at("/{org}/_apis/distributedtask/pools/*/agents/*", `${pool}/agents/${agents.value[0]?.id}`);
  const project = stand.organization.projects[0]?.name ?? "";
  const queues = await at("/{org}/{project}/_apis/distributedtask/queues", `${project}/_apis/distributedtask/queues`);
  const queue = `${project}/_apis/distributedtask/queues/${queues.value[0]?.id}`;
  await at("/{org}/{project}/_apis/distributedtask/queues/*", queue);
}

describe("an answer of Azure DevOps", () => {
  const looks = new Looks(shapes);
  before(async () => {
    const stand = await openStand();
    await play(stand, looks).finally(() => stand.close());
  });

  for (const key of shapes.map(keyOf)) {
    it(`is as recorded: ${key}`, () => {
      const found = looks.found(key);
      assert.ok(found, "nobody looked at it");
      assert.deepEqual(unexpected(allowed, key, found), []);
    });
  }

  it("differs in nothing that is no longer different", () => {
    const stale = allowed.filter(({ key, difference }) => !looks.found(key)?.includes(difference));
    assert.deepEqual(stale, []);
  });
});
