// Starts Azurite, the storage emulator, and forwards requests to it.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { killOnExit, killProcessGroup } from "../containers/processes/process-tree.ts";
import type { ServerCertificate } from "../http/certificate-authority.ts";
import { readBody } from "../http/handle-request.ts";

interface StorageRequest {
  readonly method: string;
  /** With its query, as it was sent. */
  readonly path: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: Buffer;
}

export interface StorageResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface AzuriteOptions {
  /** Its program, which Node runs. */
  readonly program: string;
  /** Where its certificate and what it may write lie. */
  readonly folder: string;
  readonly certificate: ServerCertificate;
  /** Name of the one account. */
  readonly account: string;
  /** Of the account's Blob service. */
  readonly host: string;
  /** Base64. Nobody is told. */
  readonly accountKey: string;
}

/** Of one connection only, and so nobody else's business (RFC 9110 §7.6.1). */
const ofConnection = new Set(["connection", "keep-alive", "transfer-encoding"]);
/** Of a request, said anew. */
const ofRequest = new Set(["expect", "content-length", "host"]);

/** A storage server of this machine's loopback, whose data is in memory. It checks tokens, but not what they may do. */
export class Azurite {
  readonly #server: ChildProcess;
  readonly #port: number;
  readonly #options: AzuriteOptions;

  private constructor(server: ChildProcess, port: number, options: AzuriteOptions) {
    this.#server = server;
    this.#port = port;
    this.#options = options;
  }

  /** @throws with what it said when it does not start. */
  static async start(options: AzuriteOptions): Promise<Azurite> {
    const { program, folder, certificate, account, accountKey } = options;
    await mkdir(folder, { recursive: true });
    const [cert, key] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
    await writeFile(cert, certificate.certificate);
    await writeFile(key, certificate.key, { mode: 0o600 });
    const place = ["--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence"];
    const way = ["--oauth", "basic", "--cert", cert, "--key", key, "--silent", "--disableTelemetry"];
    const server = spawn(process.execPath, [program, ...place, ...way], {
      cwd: folder,
      env: { PATH: process.env.PATH, AZURITE_ACCOUNTS: `${account}:${accountKey}` },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const forget = server.pid === undefined ? () => undefined : killOnExit(server.pid);
    server.once("exit", forget);
    return new Azurite(server, await listening(server), options);
  }

  /** Sends a request for the account on, as it is. */
  send({ method, path, headers, body }: StorageRequest): Promise<StorageResponse> {
    const { host, certificate } = this.#options;
    const passed = Object.entries(headers).filter(([name]) => !ofConnection.has(name) && !ofRequest.has(name));
    const length = body === undefined ? {} : { "content-length": body.length };
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          ...{ host: "127.0.0.1", port: this.#port, servername: host, ca: certificate.ca, agent: false },
          ...{ method, path, headers: { ...Object.fromEntries(passed), ...length, host } },
        },
        (answer) => {
          const known = Object.entries(answer.headers).filter(([name]) => !ofConnection.has(name));
          const answered = Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
          readBody(answer).then(
            (content) => resolve({ status: answer.statusCode ?? 0, headers: answered, body: content }),
            reject,
          );
        },
      );
      sent.once("error", reject);
      sent.end(body);
    });
  }

  async close(): Promise<void> {
    if (this.#server.pid === undefined || this.#server.exitCode !== null || this.#server.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#server.once("exit", resolve));
    killProcessGroup(this.#server.pid);
    await ended;
  }
}

/** @returns the port, which the server names once it listens. */
function listening(server: ChildProcess): Promise<number> {
  let said = "";
  return new Promise((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        said += chunk.toString("utf8");
        const port = /successfully listens on https:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
        if (port !== undefined) resolve(Number(port));
      });
    }
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`The storage server ended with ${code}: ${said}`)));
  });
}
