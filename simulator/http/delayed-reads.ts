// Reads that lag behind writes: what was made is not seen yet, what was removed is listed still. At the wire, so that the
// services themselves stay as they are.
import { resourceNotFound } from "../arm/arm-error.ts";
import { agentNotFound } from "../devops/service-error.ts";
import type { SimRequest, SimResponse } from "./https-site.ts";
import type { Faults } from "./request-faults.ts";

/** Agents of the pools, or container groups: how they are asked for and told apart. */
interface Kind {
  readonly site: string;
  readonly made: string;
  readonly list: RegExp;
  readonly one: RegExp;
  key(item: Item): string;
  notFound(key: string): SimResponse;
}

type Item = Readonly<Record<string, unknown>>;

const kinds: readonly Kind[] = [
  {
    site: "devops",
    made: "POST",
    list: /\/agents(\?|$)/,
    one: /\/agents\/(\d+)(\?|$)/,
    key: ({ id }) => String(id),
    notFound: (id) => agentNotFound(id).response,
  },
  {
    site: "arm",
    made: "PUT",
    list: /\/containerGroups(\?|$)/i,
    one: /\/containerGroups\/([^/?]+)(\?|$)/i,
    key: ({ name }) => String(name).toLowerCase(),
    notFound: (name) => resourceNotFound("Microsoft.ContainerInstance/containerGroups", name, "").response,
  },
];

interface Lag {
  /** How long lists show what was, in milliseconds. */
  readonly listsMs: number;
  /** How long something that was made is not found by its own address, in milliseconds. */
  readonly recordsMs: number;
}

const isObject = (value: unknown): value is Item => typeof value === "object" && value !== null;
const good = ({ status }: SimResponse): boolean => status >= 200 && status < 300;

function lagOf(kind: Kind, faults: Faults, { listsMs, recordsMs }: Lag): (() => void)[] {
  const made = new Map<string, number>();
  const gone = new Map<string, number>();
  const seen = new Map<string, Item>();
  const within = (since: number | undefined, ms: number) => since !== undefined && Date.now() - since < ms;
  const keyIn = ({ url }: SimRequest) => kind.one.exec(url.pathname)?.[1]?.toLowerCase() ?? "";

  function note(item: unknown): void {
    if (isObject(item)) seen.set(kind.key(item), item);
  }

  function asListed(answer: SimResponse): SimResponse {
    const value = isObject(answer.body) ? (answer.body as Item).value : undefined;
    if (!good(answer) || !Array.isArray(value)) return answer;
    for (const item of value) note(item);
    const present = value.filter((item) => !within(made.get(kind.key(item)), listsMs));
    const past = [...gone].filter(([, since]) => within(since, listsMs)).flatMap(([key]) => seen.get(key) ?? []);
    const listed = [...present, ...past];
    return { ...answer, body: { ...(answer.body as Item), count: listed.length, value: listed } };
  }

  function whenMade(answer: SimResponse, request: SimRequest): SimResponse {
    const key = isObject(answer.body) ? kind.key(answer.body as Item) : keyIn(request);
    if (good(answer) && !seen.has(key)) {
      made.set(key, Date.now());
      note(answer.body);
    }
    return answer;
  }

  function asRead(answer: SimResponse, request: SimRequest): SimResponse {
    if (within(made.get(keyIn(request)), recordsMs)) return kind.notFound(keyIn(request));
    if (good(answer)) note(answer.body);
    return answer;
  }

  function whenGone(answer: SimResponse, request: SimRequest): SimResponse {
    if (good(answer)) gone.set(keyIn(request), Date.now());
    return answer;
  }

  const { site } = kind;
  return [
    faults.add({ site, method: "GET", path: kind.list, effect: { alter: asListed } }),
    faults.add({
      site,
      method: kind.made,
      path: kind.made === "POST" ? kind.list : kind.one,
      effect: { alter: whenMade },
    }),
    faults.add({ site, method: "GET", path: kind.one, effect: { alter: asRead } }),
    faults.add({ site, method: "DELETE", path: kind.one, effect: { alter: whenGone } }),
  ].map((added) => () => added.remove());
}

/**
 * Lets lists and reads of agents and container groups lag from now on.
 * @returns ends it
 */
export function addLag(faults: Faults, lag: Lag): () => void {
  const ends = kinds.flatMap((kind) => lagOf(kind, faults, lag));
  return () => {
    for (const end of ends) end();
  };
}
