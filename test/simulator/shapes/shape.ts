// Compares an answer with the shape that real answers had: member names, types, headers, status.
import { readFileSync } from "node:fs";
import type { Answer } from "../http/plain-request.ts";

/** One line of a file of shapes: facts computed from public recordings, no text of them. */
export interface Shape {
  readonly method: string;
  /** `{rg}/` stands for the path of a resource group and `providers/` behind it, `*` for any name. */
  readonly path: string;
  readonly status: number;
  /** Provisioning state and state of the instance view, of an operation, or `error:` and its code. */
  readonly state?: string;
  /** Day of the newest answer, and how many there were. */
  readonly seen?: string | null;
  readonly n: number;
  readonly headers?: readonly string[];
  readonly headersSometimes?: readonly string[];
  /** `none`: there is no body. */
  readonly root?: string;
  /** Members that were always there when what they are in was, by JSON type; paths are separated by blanks. */
  readonly always?: Readonly<Record<string, string>>;
  readonly sometimes?: Readonly<Record<string, string>>;
}

export const keyOf = ({ method, path, status, state }: Shape): string =>
  [method, path, status, ...(state === undefined ? [] : [state])].join(" ");

/** Reads a file of shapes beside this one: one a line, after a line that says where they are from. */
export function readShapes(name: string): Shape[] {
  const [, ...lines] = readFileSync(new URL(name, import.meta.url), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => JSON.parse(line) as Shape);
}

interface Member {
  readonly types: ReadonlySet<string>;
  readonly always: boolean;
}

/** What the recordings were searched for; other headers are no news, nor is how many requests are left. */
const telling = /^(azure-async|location$|etag$|api-supported-versions$|x-ms-failure-cause|x-tfs-)/;

/** @returns what is not as it was recorded, one line each */
export function differences(shape: Shape, { status, headers, text }: Answer): string[] {
  const found: string[] = [];
  if (status !== shape.status) found.push(`status ${status}`);
  for (const name of shape.headers ?? []) if (headers[name] === undefined) found.push(`no header ${name}`);
  const known = new Set([...(shape.headers ?? []), ...(shape.headersSometimes ?? [])]);
  // A fixture that others took from a service has no date, and none of its headers.
  const isFixture = shape.seen === null && known.size === 0;
  const told = isFixture ? [] : Object.keys(headers).filter((name) => telling.test(name));
  for (const name of told) if (!known.has(name)) found.push(`header ${name}`);
  if (shape.root === "none") return text === "" ? found : [...found, "a body"];
  if (shape.root !== undefined) return found;
  const body: unknown = JSON.parse(text);
  const state = stateOf(body);
  if (shape.state !== undefined && state !== shape.state) found.push(`state ${state}`);
  return [...found, ...new Set(bodyDifferences(membersOf(shape), body))];
}

interface Body {
  readonly error?: { readonly code: string };
  readonly status?: string;
  readonly properties?: { readonly provisioningState?: string; readonly instanceView?: { readonly state: string } };
}

function stateOf(body: unknown): string | undefined {
  const { error, status, properties } = body as Body;
  if (error !== undefined) return `error:${error.code}`;
  const { provisioningState, instanceView } = properties ?? {};
  return status ?? [provisioningState, instanceView?.state].filter((each) => each !== undefined).join("/");
}

/** Members by the path of what they are in, and their name. */
function membersOf({ always = {}, sometimes = {} }: Shape): ReadonlyMap<string, ReadonlyMap<string, Member>> {
  const members = new Map<string, Map<string, Member>>();
  for (const [list, isAlways] of [[sometimes, false] as const, [always, true] as const]) {
    for (const [types, paths] of Object.entries(list)) {
      for (const path of paths.split(" ")) {
        const dot = path.lastIndexOf(".");
        const [parent, name] = [path.slice(0, Math.max(dot, 0)), path.slice(dot + 1)];
        const known = members.get(parent) ?? new Map<string, Member>();
        const also = known.get(name)?.types ?? [];
        known.set(name, { types: new Set([...also, ...types.split("|")]), always: isAlways });
        members.set(parent, known);
      }
    }
  }
  return members;
}

function bodyDifferences(
  members: ReadonlyMap<string, ReadonlyMap<string, Member>>,
  value: unknown,
  path = "",
): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => bodyDifferences(members, item, `${path}[]`));
  if (typeof value !== "object" || value === null) return [];
  const known = members.get(path) ?? new Map<string, Member>();
  const found: string[] = [];
  for (const [name, { always }] of known) {
    if (always && name !== "*" && !(name in value)) found.push(`no ${path === "" ? name : `${path}.${name}`}`);
  }
  for (const [name, content] of Object.entries(value)) {
    const any = known.has(name) ? name : "*";
    const inner = path === "" ? any : `${path}.${any}`;
    const member = known.get(any);
    if (member === undefined) found.push(`member ${path === "" ? name : `${path}.${name}`}`);
    else if (!isOf(content, member.types)) found.push(`type of ${inner}`);
    else found.push(...bodyDifferences(members, content, inner));
  }
  return found;
}

function isOf(value: unknown, types: ReadonlySet<string>): boolean {
  if (value === null) return types.has("null");
  if (!Array.isArray(value)) return types.has(typeof value === "boolean" ? "bool" : typeof value);
  // What is in a list that was always empty is not known.
  return [...types].some((type) => type.startsWith("array"));
}
