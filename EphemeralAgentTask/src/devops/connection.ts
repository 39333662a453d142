// How the organization is asked: with which token, through which proxy.
import type { IRequestHandler, IRequestOptions } from "azure-devops-node-api/interfaces/common/VsoBaseInterfaces.js";
import type { TaskAgentApi } from "azure-devops-node-api/TaskAgentApi.js";
import { credentialOf } from "../azure/credential.ts";
import { azureFault } from "../azure/faults.ts";
import { ServiceFault } from "../ports.ts";
import type { DevOpsConnection, DevOpsToken } from "../settings.ts";
import type { Transport } from "../transport.ts";
import { devOpsFault, signInPage } from "./faults.ts";

/** Azure DevOps as a resource of Entra (facts aci-azure-sdk §4.4). */
const devOpsResource = "499b84ac-1321-427f-aa17-267ca6975798";

type RequestOptions = Parameters<IRequestHandler["prepareRequest"]>[0];

export interface Session {
  readonly handlers: IRequestHandler[];
  readonly options: IRequestOptions;
  /** Must be awaited before each call: renews a token that runs out. @throws `ServiceFault`, or what the SDK throws */
  ready(): Promise<void>;
}

/** As it is sent a token looks like another secret, which nobody knows yet. */
function basic(token: string, transport: Transport): string {
  return `Basic ${transport.mask(Buffer.from(`:${token}`).toString("base64"))}`;
}

function authorizer(token: DevOpsToken, transport: Transport): () => Promise<string> {
  if (token.kind === "personalAccessToken") {
    const authorization = basic(token.token, transport);
    return async () => authorization;
  }
  if (token.kind !== "entra") return async () => `Bearer ${token.token}`;
  const credential = credentialOf(token, transport);
  return async () => {
    const access = await credential.getToken(`${devOpsResource}/.default`);
    if (access === null) throw new ServiceFault("Microsoft Entra ID", "no token", "no token came for Azure DevOps.");
    return `Bearer ${access.token}`;
  };
}

/** A session with the organization. Its token goes to the organization's own host only, whatever redirects say. */
export function sessionWith({ url, token }: DevOpsConnection, transport: Transport): Session {
  const { hostname, port, protocol } = new URL(url);
  const ownPort = port || (protocol === "https:" ? "443" : "80");
  const authorize = authorizer(token, transport);
  let authorization = "";
  const handler: IRequestHandler = {
    prepareRequest(options: RequestOptions) {
      if (options.host !== hostname || String(options.port) !== ownPort) return;
      options.headers = { ...options.headers, Authorization: authorization };
    },
    canHandleAuthentication: () => false,
    handleAuthentication: () => Promise.reject(new Error("no further authentication")),
  };
  const proxy = transport.proxyFor(url);
  const proxyOptions = proxy && {
    proxyUrl: proxy.url,
    proxyBypassHosts: [],
    ...(proxy.username ? { proxyUsername: proxy.username } : {}),
    ...(proxy.password ? { proxyPassword: proxy.password } : {}),
  };
  return {
    handlers: [handler],
    options: {
      // One place retries: lifecycle/retry.ts. An answer that takes longer than this counts as lost.
      allowRetries: false,
      socketTimeout: 45_000,
      ...(proxyOptions ? { proxy: proxyOptions } : {}),
      ...(transport.caFile ? { cert: { caFile: transport.caFile } } : {}),
    },
    async ready() {
      authorization = await authorize();
    },
  };
}

/**
 * One call of the organization's API.
 * @param changes true for a request that makes something
 * @throws `ServiceFault`
 */
export async function callWith<T>(session: Session, changes: boolean, send: () => Promise<T>): Promise<T> {
  try {
    await session.ready();
  } catch (error) {
    throw azureFault(error, false);
  }
  try {
    return await send();
  } catch (error) {
    throw devOpsFault(error, changes);
  }
}

/**
 * The organization may answer a token that it does not know with its sign-in page, status 203, and the client makes an
 * empty answer of that, as it does of a 404 (facts agent-protocol §3.2): a record would look gone that is there.
 * @returns the same client, whose calls throw `ServiceFault` then
 */
export function refusingSignInPages<Client extends Pick<TaskAgentApi, "rest">>(
  api: Client,
  transport: Transport,
): Client {
  const { client } = api.rest;
  const send = client.requestRaw.bind(client);
  client.requestRaw = async (info, data) => {
    const response = await send(info, data);
    transport.time.heard("Azure DevOps", response.message.headers.date);
    if (response.message.statusCode !== 203) return response;
    response.message.resume();
    throw signInPage();
  };
  return api;
}
