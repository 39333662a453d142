// Looks for an image in its registry as a pull does (distribution specification: HEAD, challenge, token, HEAD again).
import type { ManifestAnswer, RegistryInspection } from "../checks/inspection.ts";
import { type RegistryCredential, ServiceFault } from "../ports.ts";
import type { RegistryAccess } from "../settings.ts";
import type { Transport } from "../transport.ts";
import { azureFault } from "./faults.ts";
import { type PlainAnswer, type PlainRequest, send } from "./http.ts";
import { imageParts } from "./image-parts.ts";
import { pullCredential } from "./registry.ts";

const accepted = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

type Login = Extract<RegistryCredential, { username: string }>;

const basic = ({ username, password }: Login) => `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

/** The registry's own words; a HEAD has none. */
function said(answer: PlainAnswer): string {
  const errors = answer.json().errors as readonly { readonly code?: string; readonly message?: string }[] | undefined;
  const words = (errors ?? []).map(({ code, message }) => `${code ?? ""}: ${message ?? ""}`).join("; ");
  return words || `The registry answered ${answer.status}.`;
}

/** An ACR tells an address that it does not let in so (Azure/acr #633). */
const wall = /is not allowed access|aka\.ms\/acr\/firewall/i;

async function ask(request: PlainRequest, transport: Transport): Promise<PlainAnswer> {
  const answer = await send(request, transport).catch((error: unknown) => {
    const message = `${new URL(request.url).host} does not answer: ${error instanceof Error ? error.message : String(error)}`;
    throw new ServiceFault("Azure", "network", message, { retryable: true });
  });
  if (answer.status < 500 && answer.status !== 429) return answer;
  throw new ServiceFault("Azure", "RegistryErrorResponse", said(answer), { status: answer.status, retryable: true });
}

/** What a challenge asks for: nothing, or a header. */
async function authorization(challenge: string, login: Login | undefined, transport: Transport): Promise<string> {
  if (/^basic\b/i.test(challenge)) return login ? basic(login) : "";
  const fields = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  const { realm = "", service, scope } = fields as Record<string, string | undefined>;
  // A password is worth sending over TLS only, whatever the registry says.
  if (!URL.canParse(realm) || new URL(realm).protocol !== "https:") return "";
  const url = new URL(realm);
  if (service) url.searchParams.set("service", service);
  if (scope) url.searchParams.set("scope", scope);
  const headers = login ? { authorization: basic(login) } : {};
  const answer = await ask({ url: url.href, method: "GET", headers }, transport);
  const { token, access_token: access = token } = answer.json();
  return typeof access === "string" ? `Bearer ${transport.mask(access)}` : "";
}

async function login(access: RegistryAccess | undefined, transport: Transport): Promise<Login | undefined> {
  if (access === undefined) return undefined;
  const credential = await pullCredential(access, transport).catch((error: unknown) => {
    throw azureFault(error, false);
  });
  return "username" in credential ? credential : undefined;
}

export function registryInspection(transport: Transport): RegistryInspection {
  return {
    async manifest(image, access): Promise<ManifestAnswer> {
      const { server, repository, version } = imageParts(image);
      const url = `https://${server}/v2/${repository}/manifests/${version}`;
      const manifest = (method: "GET" | "HEAD", header: string) =>
        ask({ url, method, headers: { accept: accepted, ...(header ? { authorization: header } : {}) } }, transport);

      let header = "";
      let answer = await manifest("HEAD", header);
      if (answer.status === 401) {
        const challenge = answer.headers["www-authenticate"] ?? "";
        header = await authorization(challenge, await login(access, transport), transport);
        if (header) answer = await manifest("HEAD", header);
      }
      if (answer.status === 200) return { kind: "found", digest: answer.headers["docker-content-digest"] ?? version };
      // Only a body has words. A GET counts as a pull where pulls are limited, so it comes last.
      const told = said(await manifest("GET", header));
      if (answer.status === 404) return { kind: "missing", said: told };
      return { kind: answer.status === 403 && wall.test(told) ? "walled" : "refused", said: told };
    },
  };
}
