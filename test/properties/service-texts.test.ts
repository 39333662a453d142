// Whatever a service says, it is explained without an exception, by a code of the catalog.

import assert from "node:assert/strict";
import fc from "fast-check";
import { policyViolations, type WireError } from "../../EphemeralAgentTask/src/azure/errors/policy-violations.ts";
import { catalog, TaskError } from "../../EphemeralAgentTask/src/errors/catalog.ts";
import { explainEvents, toTaskError } from "../../EphemeralAgentTask/src/errors/mapping/error-mapping.ts";
import { byCode } from "../../EphemeralAgentTask/src/errors/mapping/service-error-codes.ts";
import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import { maskable } from "../../EphemeralAgentTask/src/taskhost/secrets/maskable-lines.ts";
import { cases, hostile } from "./hostile.ts";

const words = fc.oneof(
  hostile,
  fc
    .tuple(
      fc.constantFrom(
        "does not have authorization to perform action '",
        "following scope(s) are locked: '/subscriptions/",
        "not registered to use namespace '",
        "Policy identifiers: '[{",
        "AADSTS",
        "The Resource '",
      ),
      hostile,
    )
    .map((parts) => parts.join("")),
);

const fault = fc
  .record({
    service: fc.constantFrom("Azure", "Azure DevOps", "Microsoft Entra ID"),
    code: fc.oneof(fc.constantFrom(...Object.keys(byCode), "ServiceUnavailable", "RequestDisallowedByPolicy"), hostile),
    message: words,
    status: fc.option(fc.integer({ min: 200, max: 599 }), { nil: undefined }),
    identity: fc.constantFrom("secret", "certificate", "federated", "managed", undefined),
  })
  .map(
    ({ service, code, message, status, identity }) =>
      new ServiceFault(service as "Azure", code, message, {
        ...(status === undefined ? {} : { status }),
        ...(identity === undefined ? {} : { identity: identity as "secret" }),
      }),
  );

describe("Whatever a service says", () => {
  it("a fault is explained by a code of the catalogue", () => {
    fc.assert(
      fc.property(fault, (one) => {
        const explained = toTaskError(one);
        assert.ok(explained instanceof TaskError && explained.code in catalog);
        const { identity } = one.details;
        if (one.service === "Microsoft Entra ID" && identity !== undefined && identity !== "secret")
          assert.doesNotMatch(catalog[explained.code].next, /client secret/, "there is no secret to renew");
      }),
      cases,
    );
  });

  it("an error body that names policies, or seems to, is read", () => {
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record({ code: fc.constant("RequestDisallowedByPolicy"), message: words, additionalInfo: fc.jsonValue() }),
    );
    fc.assert(
      fc.property(body, (one) => {
        if (typeof one === "object" && one !== null) policyViolations(one as WireError);
      }),
      cases,
    );
  });

  it("an event is explained", () => {
    const event = fc.record({
      name: hostile,
      message: words,
      type: fc.constantFrom("Normal", "Warning"),
      count: fc.nat(),
      lastTimestamp: hostile,
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 4 }), (events) => {
        assert.ok(explainEvents(events, "EA603").code in catalog);
      }),
      cases,
    );
  });

  it("a mask is one line, and long enough to be a secret", () => {
    fc.assert(
      fc.property(hostile, (value) => {
        for (const mask of maskable(value)) assert.ok(mask.length >= 6 && !/[\r\n]/.test(mask));
      }),
      cases,
    );
  });
});
