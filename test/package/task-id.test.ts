import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { taskId } from "../../EphemeralAgentTask/src/plan/owner-marks.ts";

it("The steps of this task are told in a timeline by the id of its task.json", () => {
  const url = new URL("../../EphemeralAgentTask/task.json", import.meta.url);
  assert.equal((JSON.parse(readFileSync(url, "utf8")) as { id: string }).id, taskId);
});
