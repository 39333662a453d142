// Twice the text takes about twice the time, and not four times: no pattern tries every start of a long run.
import assert from "node:assert/strict";
import { toTaskError } from "../../EphemeralAgentTask/src/errors/mapping/error-mapping.ts";
import { looksSecret } from "../../EphemeralAgentTask/src/plan/secret-names.ts";
import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import { parse } from "../../EphemeralAgentTask/src/settings/parse-settings.ts";
import { maskable } from "../../EphemeralAgentTask/src/taskhost/secrets/maskable-lines.ts";
import { rawTask } from "../in-memory/raw-inputs.ts";
import { taskManifest } from "../package/manifests.ts";

const runs: readonly string[] = [
  "a",
  "/",
  "-",
  "=",
  ".",
  "@",
  "$(",
  "\n",
  " \n",
  "=\n",
  "A=1\n",
  "x,",
  "a.",
  "a/",
  "'",
  "A<<E\n",
  "emptyDir mountPath=/a\n",
  "-----BEGIN CERTIFICATE-----\nM\n",
];

const letters = 20_000;
const long = (text: string, count: number) => `${text.repeat(Math.ceil(count / text.length))}!`;

/** Microseconds of this process: other ones do not count. */
function cost(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Generous: a quadratic pattern takes four times as long, and seconds. What takes no time at all is not compared. */
function assertLinear(what: string, work: (count: number) => void): void {
  const [shorter, double] = [() => work(letters), () => work(2 * letters)];
  const first = cost(double);
  if (first < 100_000) return;
  const [short, long] = [Math.min(cost(shorter), cost(shorter)), Math.min(first, cost(double))];
  assert.ok(long < 3 * short + 150_000, `${what}: ${short} µs, and ${long} µs for twice the text`);
}

describe("The time for a long value is in proportion to it", () => {
  for (const { name } of taskManifest.inputs) {
    it(`in ${name}`, () => {
      for (const run of runs)
        assertLinear(JSON.stringify(run), (count) => {
          parse(rawTask({ inputs: { [name]: long(run, count) } }));
        });
    });
  }

  it("in a variable or a field of a connection", () => {
    for (const run of runs)
      assertLinear(JSON.stringify(run), (count) => {
        const value = long(run, count);
        const url = `https://dev.azure.com/${value}`;
        parse(
          rawTask({
            variables: { "System.CollectionUri": url, "System.OidcRequestUri": url, "System.StageName": value },
          }),
        );
        parse({ ...rawTask(), endpoint: () => ({ url, scheme: value, parameter: () => value, data: () => value }) });
      });
  });

  it("in what a service says", () => {
    for (const run of [...runs, "action '", "scope(s) are locked: '", "namespace '", "AADSTS1", "[{", "does not have"])
      assertLinear(JSON.stringify(run), (count) => {
        for (const code of [
          "AuthorizationFailed",
          "ScopeLocked",
          "MissingSubscriptionRegistration",
          "ResourceNotFound",
        ])
          toTaskError(new ServiceFault("Azure", code, long(run, count), { status: 403 }));
        maskable(long(run, count));
      });
  });

  it("in the name of a variable", () => {
    for (const run of ["MONGO", "A", "CONN", "KEY_", "_"])
      assertLinear(run, (count) => {
        looksSecret(long(run, count));
      });
  });
});
