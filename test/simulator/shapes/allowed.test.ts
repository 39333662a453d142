// The list of differences between the simulator and the recordings, and what keeps it short.
import assert from "node:assert/strict";
import { allowed, stale, unexpected } from "./allowed.ts";
import { differences, keyOf, readShapes, type Shape } from "./shape.ts";

describe("the allowed differences", () => {
  it("are fifteen at most, each with its reason", () => {
    assert.ok(allowed.length <= 15, String(allowed.length));
    for (const { reason } of allowed) assert.match(reason, /^[A-Z].{20,}\.$/);
  });

  it("are of answers that are compared", () => {
    const files = ["arm-shapes.jsonl", "devops-shapes.jsonl", "registry-shapes.jsonl"];
    const keys = files.flatMap((name) => readShapes(name).map(keyOf));
    assert.deepEqual(
      allowed.filter(({ key }) => !keys.includes(key)),
      [],
    );
  });

  it("are needed: one that was never looked at is not, nor one that differs no longer", () => {
    const [entry] = allowed;
    assert.ok(entry);
    const of = (found: readonly string[] | undefined) => stale([entry.key], () => found).includes(entry);
    assert.deepEqual([of(undefined), of([]), of([entry.difference])], [true, true, false]);
    assert.deepEqual(
      stale([], () => undefined),
      [],
    );
    assert.deepEqual(unexpected(entry.key, [entry.difference, "member other"]), ["member other"]);
  });
});

describe("an answer that is compared", () => {
  const shape: Shape = {
    ...{ method: "GET", path: "/one", status: 200, n: 1, headers: ["etag"] },
    always: { string: "name", object: "properties", "array[object]": "properties.list" },
    sometimes: { "null|number": "properties.count", string: "properties.list[].id" },
  };
  const of = (body: object, headers: Readonly<Record<string, string>> = { etag: "1" }, status = 200) => {
    const text = JSON.stringify(body);
    return differences(shape, { status, headers, text, json: () => body });
  };

  it("may have what was recorded for it, and nothing else", () => {
    assert.deepEqual(of({ name: "a", properties: { list: [{ id: "b" }], count: null } }), []);
    assert.deepEqual(of({ name: 1, properties: { list: [], count: "2" }, id: "c" }), [
      "type of name",
      "type of properties.count",
      "member id",
    ]);
    assert.deepEqual(of({ properties: {} }, { location: "d" }, 201), [
      "status 201",
      "no header etag",
      "header location",
      "no name",
      "no properties.list",
    ]);
  });
});
