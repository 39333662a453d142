// Signs and verifies access tokens.
import { randomUUID } from "node:crypto";
import {
  type CryptoKey,
  errors,
  exportJWK,
  type GenerateKeyPairResult,
  generateKeyPair,
  type JSONWebKeySet,
  type JWK,
  jwtVerify,
  SignJWT,
} from "jose";
import type { ServicePrincipal } from "./directory.ts";

/** Who a valid access token speaks for. */
export interface Caller {
  readonly appId: string;
  readonly objectId: string;
  readonly tenantId: string;
}

/** Why a token was refused. */
export class TokenRefused extends Error {
  /** Whom it was meant for, when that was what is wrong with it. */
  readonly otherAudience: string | undefined;

  constructor(message: string, otherAudience?: string) {
    super(message);
    this.otherAudience = otherAudience;
  }
}

/** Whom an access token is for. */
type Identified = Pick<ServicePrincipal, "appId" | "objectId">;

export interface IssuedToken {
  readonly token: string;
  readonly expiresInSeconds: number;
}

/** Of all tenants of this process, for it takes long to make: a token is told from another tenant's by its issuer. */
let pair: Promise<GenerateKeyPairResult> | undefined;

/** Signs the tenant's access tokens and checks them: RS256, as the service signs its own. */
export class Tokens {
  readonly issuer: string;
  /** What tokens of version 1 name as their issuer (Azure documentation, "Access token claims reference"). */
  readonly issuerOfVersionOne: string;
  readonly lifetimeSeconds: number;
  readonly #tenantId: string;
  readonly #privateKey: CryptoKey;
  readonly #publicKey: CryptoKey;
  readonly #jwk: JWK;

  private constructor(issuer: string, tenantId: string, lifetimeSeconds: number, keys: Keys) {
    this.issuer = issuer;
    this.issuerOfVersionOne = `https://sts.windows.net/${tenantId}/`;
    this.lifetimeSeconds = lifetimeSeconds;
    this.#tenantId = tenantId;
    this.#privateKey = keys.privateKey;
    this.#publicKey = keys.publicKey;
    this.#jwk = keys.jwk;
  }

  /** @param lifetimeSeconds of a token; the service's are good for about an hour. */
  static async create(issuer: string, tenantId: string, lifetimeSeconds: number): Promise<Tokens> {
    pair ??= generateKeyPair("RS256");
    const { privateKey, publicKey } = await pair;
    const jwk = { ...(await exportJWK(publicKey)), kid: randomUUID(), use: "sig", alg: "RS256" };
    return new Tokens(issuer, tenantId, lifetimeSeconds, { privateKey, publicKey, jwk });
  }

  /** Public keys, as the tenant publishes them. */
  get keySet(): JSONWebKeySet {
    return { keys: [this.#jwk] };
  }

  issue(principal: Identified, audience: string): Promise<IssuedToken> {
    return this.#sign(principal.objectId, audience, this.#claims(principal));
  }

  /** The same of the issuer that managed identities' tokens have; Azure Storage knows no other one. */
  issueVersionOne(principal: Identified, audience: string): Promise<IssuedToken> {
    return this.#sign(principal.objectId, audience, this.#claims(principal), this.issuerOfVersionOne);
  }

  /** A token that says who somebody outside the tenant is; it is no access token, having no application in it. */
  issueFor(subject: string, audience: string): Promise<IssuedToken> {
    return this.#sign(subject, audience, { tid: this.#tenantId, ver: "2.0" });
  }

  #claims({ appId: appid, objectId: oid }: Identified): Record<string, string> {
    return { appid, appidacr: "1", idtyp: "app", oid, tid: this.#tenantId, ver: "1.0" };
  }

  async #sign(
    subject: string,
    audience: string,
    claims: Readonly<Record<string, string>>,
    issuer = this.issuer,
  ): Promise<IssuedToken> {
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: this.#jwk.kid ?? "" })
      .setIssuer(issuer)
      .setSubject(subject)
      .setAudience(audience)
      .setIssuedAt()
      .setNotBefore(Math.floor(Date.now() / 1000) - 300)
      .setExpirationTime(`${this.lifetimeSeconds}s`)
      .setJti(randomUUID())
      .sign(this.#privateKey);
    return { token, expiresInSeconds: this.lifetimeSeconds };
  }

  /**
   * @param audiences any of which the token must be meant for, without their trailing slashes.
   * @throws TokenRefused when it is not ours, has expired or is meant for somebody else.
   */
  async verify(token: string, audiences: readonly string[]): Promise<Caller> {
    try {
      const accepted = audiences.flatMap((audience) => [audience, `${audience}/`]);
      const { payload } = await jwtVerify(token, this.#publicKey, {
        algorithms: ["RS256"],
        issuer: [this.issuer, this.issuerOfVersionOne],
        audience: accepted,
        requiredClaims: ["exp", "appid", "oid"],
      });
      return { appId: String(payload.appid), objectId: String(payload.oid), tenantId: String(payload.tid) };
    } catch (error) {
      const ofAudience = error instanceof errors.JWTClaimValidationFailed && error.claim === "aud";
      const message = error instanceof Error ? error.message : "The token could not be read.";
      throw new TokenRefused(message, ofAudience ? String(error.payload.aud) : undefined);
    }
  }
}

interface Keys {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}
