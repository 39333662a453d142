// What is passed on of a refusal.
import assert from "node:assert/strict";
import { refusals, refused } from "../../EphemeralAgentTask/src/http/answer-validation.ts";

const asked = { service: "Azure DevOps", url: "https://dev.azure.com/contoso", method: "GET", changes: false } as const;
const answer = (status: number, body: object) => ({
  status,
  headers: { "content-type": "application/json" },
  text: JSON.stringify(body),
  withoutSecrets: (text: string) => text.replaceAll("hunter22", "***"),
});

describe("A refusal's message", () => {
  it("is passed on whole when it is one for people", () => {
    const message = "x".repeat(4_000);
    assert.equal(refused(asked, answer(400, { typeKey: "X", message }), refusals.devOps).message, message);
  });

  it("is cut when it is not, and no piece of a secret is left at its end", () => {
    const message = `${"x".repeat(3_996)}hunter22${"y".repeat(3_000_000)}`;
    const fault = refused(asked, answer(400, { typeKey: "X", message }), refusals.devOps);
    assert.equal(fault.message, `${"x".repeat(3_996)}***y…`);
    assert.equal(fault.details.status, 400);
  });

  it("is cut when it comes without the service's form", () => {
    const fault = refused(asked, answer(503, { message: "y".repeat(5_000) }), refusals.devOps);
    assert.ok(fault.message.length < 4_100);
  });

  it("comes with a code that is no longer than a code", () => {
    const typeKey = "X".repeat(10_000);
    assert.ok(refused(asked, answer(400, { typeKey, message: "no" }), refusals.devOps).code.length <= 201);
  });
});
