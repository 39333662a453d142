// Tokens by which a pipeline proves to others which service connection it uses. Forms and claims are those that
// gravitational/teleport RFD 211 recorded from the service in 2025.
import { randomUUID } from "node:crypto";
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, type JSONWebKeySet, SignJWT } from "jose";
import type { Tokens } from "../../entra/access-tokens.ts";
import type { Site } from "../../http/https-site.ts";
import type { Run } from "../runs/runs.ts";

/** A service connection by workload identity federation, as the organization knows it. */
export interface FederatedConnection {
  readonly id: string;
  readonly name: string;
  /** Name of the project it is in. */
  readonly project: string;
  /** Who signs for it: the connected tenant for those to Azure, the organization itself for all others. */
  readonly signer: "tenant" | "organization";
}

/** What goes into the federated credential of the application that the connection stands for. */
export interface Federation {
  readonly issuer: string;
  readonly subject: string;
}

/** The tenant that an organization is connected to. */
export interface ConnectedTenant {
  readonly tenantId: string;
  readonly tokens: Tokens;
}

interface OidcOptions {
  /** Host of the issuer, `vstoken.dev.azure.com` at the service. */
  readonly site: Site;
  readonly organization: { readonly id: string; readonly name: string };
  readonly tenant: ConnectedTenant | undefined;
}

export interface Oidc {
  readonly issuer: string;
  /** What it signs with, as it publishes it. */
  keys(): Promise<JSONWebKeySet>;
  federation(connection: FederatedConnection): Federation;
  /** A token for a job that uses the connection, or one that only says which pipeline it is of. */
  issue(run: Run, connection: FederatedConnection | undefined): Promise<string>;
}

const audience = "api://AzureADTokenExchange";
/** The same audience where a tenant signs: it names the application behind that address. */
const audienceInTenant = "fb60f99c-7a34-4190-8149-302f77469936";
const azureDevOpsApplication = "499b84ac-1321-427f-aa17-267ca6975798";
const lifetimeSeconds = 300;

/** Serves the issuer's keys, where whoever gets its tokens looks for them. */
export function createOidc({ site, organization, tenant }: OidcOptions): Oidc {
  const issuer = `${site.origin}/${organization.id}`;
  const kid = randomUUID();
  // Made when they are first needed: most simulators never sign anything.
  let pair: Promise<GenerateKeyPairResult> | undefined;
  const keyPair = (): Promise<GenerateKeyPairResult> => {
    pair ??= generateKeyPair("RS256");
    return pair;
  };
  const keys = async (): Promise<JSONWebKeySet> => ({
    keys: [{ ...(await exportJWK((await keyPair()).publicKey)), kid, use: "sig", alg: "RS256" }],
  });
  const configuration = {
    issuer,
    jwks_uri: `${site.origin}/.well-known/jwks`,
    subject_types_supported: ["public", "pairwise"],
    response_types_supported: ["id_token"],
    claims_supported: ["sub", "aud", "exp", "iat", "iss", "nbf"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid"],
  };
  site.route("GET", `/${organization.id}/.well-known/openid-configuration`, () => ({
    status: 200,
    body: configuration,
  }));
  site.route("GET", "/.well-known/jwks", async () => ({ status: 200, body: await keys() }));

  const federation = ({ id, name, project, signer }: FederatedConnection): Federation => {
    if (signer === "organization") return { issuer, subject: `sc://${organization.name}/${project}/${name}` };
    const { tenantId, tokens } = required(tenant);
    const [inTenant, application] = [tenantId, azureDevOpsApplication].map(base64OfGuid);
    const subject = `/eid1/c/pub/t/${inTenant}/a/${application}/sc/${organization.id}/${id}`;
    return { issuer: tokens.issuer, subject };
  };

  async function sign(subject: string, claims: Readonly<Record<string, string>>): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid })
      .setIssuer(issuer)
      .setSubject(subject)
      .setAudience(audience)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setNotBefore(now - 600)
      .setExpirationTime(now + lifetimeSeconds)
      .sign((await keyPair()).privateKey);
  }

  return {
    issuer,
    keys,
    federation,
    async issue(run, connection) {
      if (connection === undefined) {
        const { project, definition } = run;
        const claims = { org_id: organization.id, prj_id: project.id, def_id: `${definition.id}`, run_id: `${run.id}` };
        return sign(`p://${organization.name}/${project.name}/${definition.name}`, claims);
      }
      const { subject } = federation(connection);
      if (connection.signer === "organization") return sign(subject, {});
      return (await required(tenant).tokens.issueFor(subject, audienceInTenant)).token;
    },
  };
}

function required(tenant: ConnectedTenant | undefined): ConnectedTenant {
  if (tenant === undefined) throw new Error("The organization is not connected to a tenant.");
  return tenant;
}

/** The sixteen bytes of a GUID in the order in which Windows keeps them: the first three numbers turned round. */
export function base64OfGuid(guid: string): string {
  const bytes = Buffer.from(guid.replaceAll("-", ""), "hex");
  const numbers = [bytes.subarray(0, 4), bytes.subarray(4, 6), bytes.subarray(6, 8)];
  return Buffer.concat([...numbers.map((each) => Buffer.from(each).reverse()), bytes.subarray(8)]).toString(
    "base64url",
  );
}
