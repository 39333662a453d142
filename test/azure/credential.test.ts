// Tokens of Entra over the wire, by every way in which a connection signs in.
import assert from "node:assert/strict";
import { type Credential, credentialOf } from "../../EphemeralAgentTask/src/azure/sign-in/credential.ts";
import { systemTime } from "../../EphemeralAgentTask/src/http/service-time.ts";
import type { Transport } from "../../EphemeralAgentTask/src/http/transport.ts";
import type { AzureIdentity } from "../../EphemeralAgentTask/src/ports/connections.ts";
import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import { oidcRequestUri } from "../../simulator/devops/identity/job-oidc-tokens.ts";
import type { SimRequest } from "../../simulator/http/https-site.ts";
import { answers } from "../../simulator/http/network-failures.ts";
import type { FaultEffect } from "../../simulator/http/request-faults.ts";
import type { LoggedRequest } from "../../simulator/http/request-log.ts";
import { connectionId } from "../../simulator/pipeline-runner/service-connections/connection-formats.ts";
import { managedMachineEnvironment } from "../../simulator/pipeline-runner/service-connections/project-connections.ts";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";

type Kind = AzureIdentity["kind"];

const kinds: readonly Kind[] = ["secret", "certificate", "federated", "managed"];

describe("A credential", () => {
  let simulator: Simulator;
  let jobToken: string;
  let requestUri: string;
  const environment = process.env;

  before(async () => {
    // The identity library keeps longer ones of managed identities for the whole process.
    simulator = await startSimulator({ azure: { tokenLifetimeSeconds: 200 } });
    const { organization, ready } = simulator;
    const definition = { id: 1, name: "deploy" };
    const run = organization.createRun({ project: ready.project, definition, kind: "Build" });
    run.start();
    const job = crypto.randomUUID();
    run.record({ id: job, parentId: null, type: "Job", name: "agent", identifier: "agent", state: "inProgress" });
    jobToken = organization.issueJobToken({ run }).token;
    requestUri = oidcRequestUri(organization.url, run, job);
    // The proxy is one that nobody is behind: what goes there gets no answer.
    const nowhere = { HTTP_PROXY: "http://127.0.0.1:9", http_proxy: "http://127.0.0.1:9" };
    process.env = { ...environment, ...managedMachineEnvironment(simulator), ...nowhere };
  });

  after(async () => {
    process.env = environment;
    await simulator.stop();
  });

  afterEach(() => simulator.faults.clear());

  function identityOf(kind: Kind): AzureIdentity {
    const { tenantId, clientId, clientSecret: secret } = simulator.ready;
    switch (kind) {
      case "secret":
        return { kind, tenantId, clientId, secret };
      case "certificate":
        return { kind, tenantId, clientId, certificate: simulator.deployerCertificate() };
      case "federated": {
        const oidc = { requestUri, jobToken };
        return { kind, tenantId, clientId, connectionId: connectionId("azure-federated"), oidc };
      }
      case "managed":
        return { kind };
    }
  }

  /** A new one, and what it had masked. */
  function credential(
    kind: Kind,
    proxyFor: Transport["proxyFor"] = () => undefined,
  ): { readonly it: Credential; readonly masked: ReadonlySet<string> } {
    const masked = new Set<string>();
    const transport = {
      time: systemTime(),
      proxyFor,
      caFile: simulator.caFile,
      mask: (secret: string) => {
        masked.add(secret);
        return secret;
      },
    };
    const authority = { identity: identityOf(kind), authorityUrl: simulator.authority, customAuthority: true };
    return { it: credentialOf(authority, transport), masked };
  }

  const ofToken = (kind: Kind) => ({
    site: kind === "managed" ? "imds" : "login",
    method: kind === "managed" ? "GET" : "POST",
  });

  const askedFor =
    (kind: Kind) =>
    ({ site, method }: LoggedRequest): boolean =>
      site === ofToken(kind).site && method === ofToken(kind).method;

  /** So many requests for a token as have come since. */
  function counting(kind: Kind): () => number {
    const from = simulator.requests.entries.length;
    return () => simulator.requests.entries.slice(from).filter(askedFor(kind)).length;
  }

  const faultOf = (asking: Promise<unknown>): Promise<ServiceFault> =>
    asking.then(
      () => assert.fail("a token came"),
      (error: unknown) => {
        assert.ok(error instanceof ServiceFault, String(error));
        return error;
      },
    );

  it("of a managed identity comes from the machine itself, whatever proxy the machine has", async () => {
    const { it: tokens } = credential("managed", () => ({ url: "http://127.0.0.1:9" }));
    assert.match(await tokens.token(simulator.armOrigin), /^\S{40,}$/);
  });

  for (const [number, passes] of [
    [50166, true],
    [90033, true],
    [7000215, false],
    [700016, false],
  ] as const) {
    it(`that Entra refuses with AADSTS${number} is ${passes ? "asked for again" : "refused for good"}`, async () => {
      const { it: tokens } = credential("secret");
      const body = { error: "invalid_client", error_description: `AADSTS${number}: Refused. Trace ID: 1` };
      simulator.faults.add({ ...ofToken("secret"), times: 1, effect: { status: 401, body } });
      const { code, details } = await faultOf(tokens.token(simulator.armOrigin));
      assert.equal(code, `AADSTS${number}`);
      assert.equal(details.retryable, passes);
    });
  }

  for (const kind of kinds) {
    const broken: readonly (readonly [what: string, effect: FaultEffect])[] = [
      ["that was answered with a page", answers["proxy's page with 200"]],
      ["that was answered with half a body", { alter: (answer) => ({ ...answer, delivery: "half" }) }],
      ["that was answered with 500", { status: 500, body: { error: "server_error" } }],
    ];
    for (const [what, effect] of broken) {
      it(`(${kind}) asks anew after a request ${what}`, async () => {
        const { it: tokens } = credential(kind);
        const count = counting(kind);
        simulator.faults.add({ ...ofToken(kind), times: 1, effect });
        const fault = await faultOf(tokens.token(simulator.armOrigin));
        assert.equal(fault.details.retryable, true);
        assert.match(await tokens.token(simulator.armOrigin), /^\S{40,}$/);
        assert.equal(count(), 2);
      });
    }

    it(`(${kind}) asks anew after a request that was never answered`, async () => {
      const { it: tokens } = credential(kind);
      const from = simulator.requests.entries.length;
      simulator.faults.add({ ...ofToken(kind), times: 1, effect: { hang: true } });
      const giveUp = new AbortController();
      const asking = faultOf(tokens.token(simulator.armOrigin, giveUp.signal));
      await simulator.requests.seen(askedFor(kind), from);
      giveUp.abort();
      assert.equal((await asking).kind, "silence");
      assert.match(await tokens.token(simulator.armOrigin), /^\S{40,}$/);
    });

    it(`(${kind}) asks once for all who ask at the same time`, async () => {
      const { it: tokens } = credential(kind);
      const count = counting(kind);
      const all = await Promise.all([1, 2, 3, 4, 5].map(() => tokens.token(simulator.armOrigin)));
      assert.equal(new Set(all).size, 1);
      assert.equal(count(), 1);
    });

    it(`(${kind}) goes on for the others when one of them gives up`, async () => {
      const { it: tokens } = credential(kind);
      const from = simulator.requests.entries.length;
      const count = counting(kind);
      let open = (): void => undefined;
      const opened = new Promise<undefined>((resolve) => {
        open = () => resolve(undefined);
      });
      simulator.faults.add({ ...ofToken(kind), times: 1, effect: { call: () => opened } });
      const giveUp = new AbortController();
      const left = faultOf(tokens.token(simulator.armOrigin, giveUp.signal));
      const patient = tokens.token(simulator.armOrigin);
      await simulator.requests.seen(askedFor(kind), from);
      giveUp.abort();
      assert.equal((await left).kind, "silence");
      open();
      assert.match(await patient, /^\S{40,}$/);
      assert.equal(count(), 1);
    });
  }

  for (const kind of kinds) {
    it(`(${kind}) is not bound by an earlier one of the same identity that was given up`, async () => {
      const { it: first } = credential(kind);
      const { it: second } = credential(kind);
      const giveUp = new AbortController();
      const from = simulator.requests.entries.length;
      simulator.faults.add({ ...ofToken(kind), times: 1, effect: { hang: true } });
      const left = faultOf(first.token(simulator.armOrigin, giveUp.signal));
      await simulator.requests.seen(askedFor(kind), from);
      giveUp.abort();
      await left;
      assert.match(await second.token(simulator.armOrigin), /^\S{40,}$/);
    });
  }

  for (const [kind, name] of [
    ["secret", "client_secret"],
    ["certificate", "client_assertion"],
    ["federated", "client_assertion"],
  ] as const) {
    it(`(${kind}) has masked what it sends before it sends it, and the token that comes`, async () => {
      const { it: tokens, masked } = credential(kind);
      let sent = "";
      let hidden = false;
      const look = ({ body }: SimRequest): undefined => {
        sent = new URLSearchParams(body.toString()).get(name) ?? "";
        hidden = masked.has(sent) && masked.has(encodeURIComponent(sent));
      };
      simulator.faults.add({ ...ofToken(kind), effect: { call: look } });
      const token = await tokens.token(simulator.armOrigin);
      assert.ok(sent.length > 20, `${name} is sent`);
      assert.ok(hidden, `${name} was not masked when it was sent`);
      assert.ok(masked.has(token));
    });
  }

  it("of a managed identity has the token masked that comes", async () => {
    const { it: tokens, masked } = credential("managed");
    assert.ok(masked.has(await tokens.token(simulator.armOrigin)));
  });
});
