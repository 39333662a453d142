import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import {
  type AgentKey,
  agentFiles,
  agentKeyOf,
  agentKeys,
  padded,
} from "../../EphemeralAgentTask/src/devops/agent-configuration-files.ts";

describe("The agent's files", () => {
  it("pad a key field that begins with zeros, as .NET reads it", () => {
    const short = Buffer.alloc(127, 7).toString("base64url");
    const full = Buffer.from(padded(short, 128), "base64");
    assert.equal(full.length, 128);
    assert.equal(full[0], 0);
    assert.deepEqual(full.subarray(1), Buffer.alloc(127, 7));
  });

  it("hold every field in its full length, in standard base64", () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const { parameters, publicKey } = agentKeyOf(privateKey.export({ format: "jwk" }));
    const lengths = Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, Buffer.from(value, "base64").length]),
    );
    assert.deepEqual(lengths, { d: 256, dp: 128, dq: 128, exponent: 3, inverseQ: 128, modulus: 256, p: 128, q: 128 });
    assert.equal(publicKey.exponent, "AQAB");
    for (const value of Object.values(parameters)) assert.match(value, /^[A-Za-z0-9+/]+=*$/);
  });

  it("make up a key that signs what its public half verifies", () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const { parameters, publicKey } = agentKeyOf(privateKey.export({ format: "jwk" }));
    const url = (value: string) => Buffer.from(value, "base64").toString("base64url");
    const { d, dp, dq, exponent, inverseQ, modulus, p, q } = parameters;
    const fields = { d, dp, dq, e: exponent, qi: inverseQ, n: modulus, p, q };
    const jwk = {
      kty: "RSA",
      ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, url(value)])),
    };
    const signature = sign("sha256", Buffer.from("text"), createPrivateKey({ key: jwk, format: "jwk" }));
    const half = { kty: "RSA", e: url(publicKey.exponent), n: url(publicKey.modulus) };
    assert.ok(verify("sha256", Buffer.from("text"), createPublicKey({ key: half, format: "jwk" }), signature));
  });

  it("have the names that a secret volume takes, and no cloud id", () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const files = agentFiles({
      agentId: 42,
      agentName: "eph-1",
      poolId: 7,
      poolName: "agents",
      serverUrl: "https://dev.azure.com/contoso/",
      workFolder: "_work",
      clientId: "client",
      authorizationUrl: "https://oauth.example/token",
      key: agentKeyOf(privateKey.export({ format: "jwk" })),
    });
    for (const name of Object.keys(files)) assert.match(name, /^[A-Za-z0-9][\w.-]*$/);
    assert.deepEqual(JSON.parse(files["agent.json"]), {
      acceptTeeEula: true,
      agentId: 42,
      agentName: "eph-1",
      poolId: 7,
      poolName: "agents",
      serverUrl: "https://dev.azure.com/contoso/",
      workFolder: "_work",
    });
    assert.equal(JSON.parse(files["credentials.json"]).data.oauthEndpointUrl, "https://oauth.example/token");
  });
});

describe("The keys of agents", () => {
  const keyNumber = (number: number) => ({ publicKey: { exponent: "AQAB", modulus: String(number) } }) as AgentKey;

  it("are made before they are asked for, as many as will be needed first, and each is given out once", async () => {
    let made = 0;
    const next = agentKeys(2, async () => keyNumber(++made));
    assert.equal(made, 2);
    const given = [await next(), await next(), await next()].map(({ publicKey }) => publicKey.modulus);
    assert.deepEqual(given, ["1", "2", "3"]);
  });

  it("tell whoever takes one that it could not be made, and nobody else", async () => {
    let failing = true;
    const next = agentKeys(1, async () => {
      if (failing) throw new Error("no memory");
      return keyNumber(1);
    });
    failing = false;
    await assert.rejects(next(), /no memory/);
    assert.equal((await next()).publicKey.modulus, "1");
  });
});
