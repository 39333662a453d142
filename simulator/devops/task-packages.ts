// The tasks of an organization, for agents to download.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import JSZip from "jszip";
import { readTaskDefinition, type TaskDefinition, versionText } from "../job-execution/tasks/task-definition.ts";
import type { Api, ApiRequest } from "./api-routes.ts";
import { collection } from "./json-fields.ts";
import { ServiceError } from "./service-error.ts";

/** The tasks of an organization, as its agents download them. */
export class TaskPackages {
  readonly #folders = new Map<string, TaskDefinition>();
  readonly #zips = new Map<string, Promise<Buffer>>();

  /** Takes a task in, from the folder that holds its `task.json`. The same one again changes nothing. */
  install(folder: string): void {
    const definition = readTaskDefinition(folder);
    this.#folders.set(keyOf(definition.id, versionText(definition)), definition);
  }

  find(id: string): TaskDefinition[] {
    return [...this.#folders.values()].filter((definition) => definition.id.toLowerCase() === id.toLowerCase());
  }

  /** The package, made when it is first asked for; undefined when there is no such task, or not in this version. */
  zip(id: string, version: string): Promise<Buffer> | undefined {
    const key = keyOf(id, version);
    const definition = this.#folders.get(key);
    if (definition === undefined) return undefined;
    const made = this.#zips.get(key) ?? packed(definition.folder);
    this.#zips.set(key, made);
    return made;
  }
}

const keyOf = (id: string, version: string): string => `${id.toLowerCase()}/${version}`;

async function packed(folder: string): Promise<Buffer> {
  const zip = new JSZip();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    zip.file(path.slice(folder.length).replace(/^\/+/, ""), readFileSync(path));
  }
  return zip.generateAsync({ type: "nodebuffer", compression: "DEFLATE", compressionOptions: { level: 1 } });
}

const tasksRoute = "_apis/distributedtask/tasks/:taskId";

/** Definitions and packages by id and version; who asks for JSON gets the definition (azure-devops-node-api, TaskAgentApi). */
export function serveTaskPackages(api: Api, tasks: TaskPackages): void {
  const everyone = { agents: true };
  api.route(
    "GET",
    tasksRoute,
    (request) => {
      const found = tasks.find(request.param("taskId"));
      if (found.length === 0) throw notFound(request);
      return { status: 200, body: collection(found.map(definitionView)) };
    },
    everyone,
  );
  api.route(
    "GET",
    `${tasksRoute}/:version`,
    async (request) => {
      const content = await tasks.zip(request.param("taskId"), request.param("version"));
      if (content === undefined) throw notFound(request);
      if (!/zip|octet-stream|\*\/\*/i.test(request.headers.accept ?? "*/*")) {
        const [definition] = tasks.find(request.param("taskId"));
        return { status: 200, body: definition === undefined ? {} : definitionView(definition) };
      }
      const etag = createHash("sha256").update(content).digest("hex");
      return { status: 200, headers: { "content-type": "application/zip", etag: `"${etag}"` }, body: content };
    },
    everyone,
  );
}

function definitionView({ folder: _, ...definition }: TaskDefinition): object {
  const { Major: major, Minor: minor, Patch: patch } = definition.version;
  return { ...definition, version: { major, minor, patch, isTest: false } };
}

function notFound(request: ApiRequest): ServiceError {
  const id = request.param("taskId");
  return new ServiceError(404, "TaskDefinitionNotFoundException", `No task definition found matching ID ${id}.`);
}
