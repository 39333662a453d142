// The token endpoint of agents: verifies their signed assertion.
import { decodeJwt, errors, importJWK, type JWTPayload, jwtVerify } from "jose";
import type { SimRequest, SimResponse, Site } from "../../http/https-site.ts";
import type { AgentRecord } from "../pools/pool-state.ts";
import type { Pools } from "../pools/pools.ts";
import type { Identities } from "./identities.ts";

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const tokenPath = "/_apis/oauth2/token";
/** How far the agent's clock may be off (facts agent-protocol §1.5). */
const skewSeconds = 5 * 60;

interface AgentOauth {
  readonly site: Site;
  readonly pools: Pools;
  readonly identities: Identities;
  /** How long a token lives, in milliseconds. */
  readonly tokenMs: number;
}

export const authorizationUrl = (site: Site): string => `${site.origin}${tokenPath}`;

/** Where an agent turns its key into a token: its assertion must verify against the registered public key. */
export function serveAgentOauth({ site, pools, identities, tokenMs }: AgentOauth): void {
  const used = new Map<string, number>();

  site.route("POST", tokenPath, async (request) => {
    const form = new URLSearchParams(request.body.toString("utf8"));
    if (form.get("grant_type") !== "client_credentials")
      return refused("unsupported_grant_type", "client_credentials is needed.");
    if (form.get("client_assertion_type") !== assertionType)
      return refused("invalid_request", "An assertion is needed.");
    const assertion = form.get("client_assertion") ?? "";
    const agent = clientOf(assertion, pools);
    if (agent === undefined) return refused("invalid_client", "The client is not known.");
    try {
      accept(await verified(assertion, agent, authorizationUrl(site)), used);
    } catch (error) {
      return refused("invalid_client", reason(error));
    }
    return token(request, agent, identities, tokenMs);
  });
}

function clientOf(assertion: string, pools: Pools): AgentRecord | undefined {
  try {
    const { iss } = decodeJwt(assertion);
    const agents = pools.all().flatMap((pool) => [...pool.agents.values()]);
    return agents.find(({ clientId }) => clientId === iss);
  } catch {
    // Not a JWT at all: nobody's assertion.
    return undefined;
  }
}

async function verified(assertion: string, agent: AgentRecord, audience: string): Promise<JWTPayload> {
  if (agent.publicKey === undefined) throw new errors.JWTInvalid("the agent has no key");
  const { modulus, exponent } = agent.publicKey;
  const key = await importJWK({ kty: "RSA", n: base64url(modulus), e: base64url(exponent) }, "RS256");
  const { payload } = await jwtVerify(assertion, key, {
    algorithms: ["RS256"],
    issuer: agent.clientId,
    subject: agent.clientId,
    audience,
    clockTolerance: skewSeconds,
    requiredClaims: ["iss", "sub", "aud", "jti", "nbf", "exp"],
  });
  return payload;
}

const base64url = (base64: string): string => Buffer.from(base64, "base64").toString("base64url");

/** An assertion is short-lived and good for one request. */
function accept({ jti = "", exp = 0 }: JWTPayload, used: Map<string, number>): void {
  const now = Date.now() / 1000;
  if (exp > now + 2 * skewSeconds) throw new errors.JWTInvalid("the assertion lives too long");
  for (const [id, expires] of used) if (expires + skewSeconds < now) used.delete(id);
  if (used.has(jti)) throw new errors.JWTInvalid("the assertion was used before");
  used.set(jti, exp);
}

function token(request: SimRequest, agent: AgentRecord, identities: Identities, tokenMs: number): SimResponse {
  request.caller = agent.name;
  const issued = identities.issue({
    identity: { kind: "agent", id: agent.clientId, displayName: agent.name, agentId: agent.id },
    expires: Date.now() + tokenMs,
  });
  return {
    status: 200,
    body: { access_token: issued.token, expires_in: Math.floor(tokenMs / 1000), token_type: "JWT" },
  };
}

function reason(error: unknown): string {
  const detail = error instanceof errors.JOSEError ? error.message : "the assertion could not be verified";
  return `The client assertion is not valid: ${detail}. Current server time is ${new Date().toISOString()}.`;
}

const refused = (error: string, description: string): SimResponse => ({
  status: 400,
  body: { error, error_description: description },
});
