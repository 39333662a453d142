// The location table, row by row as Azure DevOps was recorded to give it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { openStand, type Stand } from "../devops/fixture/organization-fixture.ts";

type Row = readonly [
  id: string,
  area: string,
  resource: string,
  route: string,
  resourceVersion: number,
  min: string,
  max: string,
  released: string,
  seen: string,
];

const [, ...lines] = readFileSync(new URL("locations.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n");
const rows = lines.map((line) => JSON.parse(line) as Row);

describe("a row of the location table", () => {
  let stand: Stand;
  let table: readonly Readonly<Record<string, unknown>>[];
  before(async () => {
    stand = await openStand();
    const { json } = await stand.call("OPTIONS", "_apis", { apiVersion: undefined });
    table = json.value as typeof table;
  });
  after(() => stand.close());

  for (const [id, area, resource, route, resourceVersion, min, max, released] of rows) {
    it(`is as recorded: ${area}/${resource}`, () => {
      const row = table.find((each) => each.id === id);
      assert.deepEqual(row, {
        ...{ id, area, resourceName: resource, routeTemplate: route, resourceVersion },
        ...{ minVersion: min, maxVersion: max, releasedVersion: released },
      });
    });
  }
});
