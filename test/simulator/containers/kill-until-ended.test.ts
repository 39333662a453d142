import assert from "node:assert/strict";
import { killUntilEnded } from "../../../simulator/containers/podman/kill-until-ended.ts";

describe("Killing a container of the engine", () => {
  it("asks again when the container was only about to start", async () => {
    let end = (): void => undefined;
    const exited = new Promise<void>((resolve) => {
      end = resolve;
    });
    let asked = 0;
    await killUntilEnded(exited, async () => {
      asked += 1;
      // The first time, there is no such container yet.
      if (asked === 2) end();
    });
    assert.equal(asked, 2);
  });

  it("asks once when that was enough", async () => {
    let asked = 0;
    await killUntilEnded(Promise.resolve(), async () => {
      asked += 1;
    });
    assert.equal(asked, 1);
  });
});
