import assert from "node:assert/strict";
import { ContainerLog } from "../../../simulator/containers/container-log.ts";

describe("what a container writes", () => {
  it("is joined to lines, however it arrives", () => {
    const log = new ContainerLog();
    for (const text of ["one\ntw", "o\n", "", "three"]) log.append(text);
    assert.equal(log.read(), "one\ntwo\nthree");
    assert.equal(log.read({ tail: 2 }), "two\nthree");
    assert.equal(log.read({ tail: 9 }), "one\ntwo\nthree");
    assert.equal(log.read({ timestamps: true }).match(/^\d{4}-\S+Z (one|two|three)$/gm)?.length, 3);
  });

  it("is kept up to its last 4 MB while it runs", () => {
    const log = new ContainerLog();
    for (let line = 0; line < 5; line += 1) log.append(`${String(line).repeat(1024 * 1024 - 1)}\n`);
    const text = log.read();
    assert.equal(Buffer.byteLength(text), 4 * 1024 * 1024);
    assert.ok(text.startsWith("1"));
  });
});
