// Looks for an image in its registry as a pull does (distribution specification: HEAD, challenge, token, HEAD again).
import type { ManifestAnswer, RegistryInspection } from "../../checks/check-ports.ts";
import { expect, read, refusals, refused, shapes } from "../../http/answer-validation.ts";
import { foreign } from "../../http/connection-errors.ts";
import { type Answer, exchange } from "../../http/send-request.ts";
import type { Transport } from "../../http/transport.ts";
import type { RegistryAccess } from "../../ports/connections.ts";
import { type RegistryCredential, ServiceFault } from "../../ports.ts";
import { imageParts } from "./image-reference.ts";
import { pullCredential } from "./registry-token.ts";

const accepted = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

type Login = Extract<RegistryCredential, { username: string }>;

/** As it is sent a password looks like another secret, which nobody knows yet. */
const basic = ({ username, password }: Login, transport: Transport) =>
  `Basic ${transport.mask(Buffer.from(`${username}:${password}`).toString("base64"))}`;

/** An ACR tells an address that it does not let in so (Azure/acr #633). */
const wall = /is not allowed access|aka\.ms\/acr\/firewall/i;

/** The registry's names for an image that it has not (OCI distribution specification). */
const missing = new Set(["MANIFEST_UNKNOWN", "NAME_UNKNOWN", "NOT_FOUND", "TAG_UNKNOWN"]);

type Headers = Readonly<Record<string, string>>;

const askedFor = (method: "GET" | "HEAD", url: string) => ({ service: "Azure", url, method, changes: false }) as const;

/** The answer, which may be a refusal: only a registry that fails is a fault here. */
async function ask(method: "GET" | "HEAD", url: string, headers: Headers, transport: Transport): Promise<Answer> {
  const answer = await exchange({ ...askedFor(method, url), headers }, transport);
  if (answer.status < 500 && answer.status !== 429) return answer;
  const { message, details } = refused(askedFor(method, url), answer, refusals.registry);
  throw new ServiceFault("Azure", "RegistryErrorResponse", message, details);
}

/** @throws `ServiceFault` */
async function json(url: string, headers: Headers, transport: Transport): Promise<Readonly<Record<string, unknown>>> {
  const answer = await ask("GET", url, { accept: "application/json", ...headers }, transport);
  const body = read(askedFor("GET", url), answer, refusals.registry);
  return expect(askedFor("GET", url), answer.status, body, "an object", shapes.record);
}

/** What a challenge asks for: nothing, or a header. */
async function authorization(challenge: string, login: Login | undefined, transport: Transport): Promise<string> {
  if (/^basic\b/i.test(challenge)) return login ? basic(login, transport) : "";
  const fields = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  const { realm = "", service, scope } = fields as Record<string, string | undefined>;
  // A password is worth sending over TLS only, whatever the registry says.
  if (!URL.canParse(realm) || new URL(realm).protocol !== "https:") return "";
  const url = new URL(realm);
  if (service) url.searchParams.set("service", service);
  if (scope) url.searchParams.set("scope", scope);
  const headers: Headers = login ? { authorization: basic(login, transport) } : {};
  try {
    const { token, access_token: access = token } = await json(url.href, headers, transport);
    if (typeof access !== "string") throw foreign(askedFor("GET", url.href), 200, "JSON without a token");
    return `Bearer ${transport.mask(access)}`;
  } catch (error) {
    // What is refused here the registry refuses as well, and says why.
    if (error instanceof ServiceFault && error.kind === "refusal" && !error.details.retryable) return "";
    throw error;
  }
}

async function login(access: RegistryAccess | undefined, transport: Transport): Promise<Login | undefined> {
  if (access === undefined) return undefined;
  const credential = await pullCredential(access, transport);
  return "username" in credential ? credential : undefined;
}

export function registryInspection(transport: Transport): RegistryInspection {
  return {
    async manifest(image, access): Promise<ManifestAnswer> {
      const { server, repository, version } = imageParts(image);
      const url = `https://${server}/v2/${repository}/manifests/${version}`;
      const manifest = (method: "GET" | "HEAD", header: string) =>
        ask(method, url, { accept: accepted, ...(header ? { authorization: header } : {}) }, transport);

      let header = "";
      let answer = await manifest("HEAD", header);
      if (answer.status === 401) {
        const challenge = answer.headers["www-authenticate"] ?? "";
        header = await authorization(challenge, await login(access, transport), transport);
        if (header) answer = await manifest("HEAD", header);
      }
      const { "docker-content-digest": digest = version, "content-type": type = "" } = answer.headers;
      if (answer.status === 200 && /\bjson\b/i.test(type)) return { kind: "found", digest };
      // Only a body has words. A GET counts as a pull where pulls are limited, so it comes last.
      return refusalOf(url, await manifest("GET", header));
    },
  };
}

/** @throws `ServiceFault` when it is not the registry's own word */
function refusalOf(url: string, answer: Answer): ManifestAnswer {
  const asked = askedFor("GET", url);
  if (answer.status < 400) throw foreign(asked, answer.status, "something else than an image's manifest");
  const fault = refused(asked, answer, refusals.registry);
  if (fault.kind !== "refusal") throw fault;
  const { code, message: said } = fault;
  if (answer.status === 404 && missing.has(code)) return { kind: "missing", said };
  return { kind: answer.status === 403 && wall.test(said) ? "walled" : "refused", said };
}
