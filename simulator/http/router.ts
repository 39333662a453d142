// Finds the handler of a request by method and path.
import type { Handler } from "./https-site.ts";

interface Match {
  readonly handler: Handler;
  readonly params: Readonly<Record<string, string>>;
}

interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handler: Handler;
}

const restName = /^:(\w+)\*$/;

/** Finds the handler of a request. Of several routes that fit, the one with the earlier literal segment wins. */
export class Router {
  readonly #routes: Route[] = [];

  add(method: string, template: string, handler: Handler): void {
    const segments = template.split("/").filter((segment) => segment !== "");
    const misplaced = segments.slice(0, -1).find((segment) => restName.test(segment));
    if (misplaced !== undefined) throw new Error(`${misplaced} must be the last segment of ${template}`);
    this.#routes.push({ method: method.toUpperCase(), segments, handler });
  }

  /** @throws URIError when a segment is not valid percent-encoding. */
  match(method: string, pathname: string): Match | undefined {
    const path = pathname.split("/").filter((segment) => segment !== "");
    const decoded = path.map(decodeURIComponent);
    let best: { readonly rank: string; readonly match: Match } | undefined;
    for (const route of this.#routes) {
      if (route.method !== method) continue;
      const params = parameters(route.segments, decoded);
      if (params === undefined) continue;
      const rank = route.segments.map(weight).join("");
      if (best === undefined || rank < best.rank) best = { rank, match: { handler: route.handler, params } };
    }
    return best?.match;
  }
}

function parameters(template: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of template.entries()) {
    const rest = restName.exec(segment)?.[1];
    const value = path[index];
    if (value === undefined) return undefined;
    if (rest !== undefined) {
      params[rest] = path.slice(index).join("/");
      return params;
    }
    if (segment.startsWith(":")) params[segment.slice(1)] = value;
    else if (segment.toLowerCase() !== value.toLowerCase()) return undefined;
  }
  return template.length === path.length ? params : undefined;
}

function weight(segment: string): string {
  if (restName.test(segment)) return "2";
  return segment.startsWith(":") ? "1" : "0";
}
