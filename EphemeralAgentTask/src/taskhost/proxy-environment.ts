// Reads the proxy from environment variables.
import type { MachineProxy } from "../http/transport.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const variable = (environment: Environment, name: string) => environment[name] || environment[name.toLowerCase()];

/** `example.com` and `.example.com` both stand for the host and all below it, as curl reads them; `*` for everything. */
function passesBy(host: string, list: string): boolean {
  return list
    .split(",")
    .map((one) =>
      one
        .trim()
        .toLowerCase()
        .replace(/^\*?\./, ""),
    )
    .some((one) => one !== "" && (one === "*" || host === one || host.endsWith(`.${one}`)));
}

/**
 * The proxy that HTTPS_PROXY, or else ALL_PROXY or HTTP_PROXY, names for an address, unless NO_PROXY lets it pass by.
 * @param environment the process's
 * @returns undefined as well when the variable is no address
 */
export function environmentProxy(url: string, environment: Environment): MachineProxy | undefined {
  const { hostname, protocol } = new URL(url);
  if (protocol !== "https:") return undefined;
  const names = ["HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY"];
  const given = names.map((name) => variable(environment, name)).find(Boolean);
  if (given === undefined || passesBy(hostname.toLowerCase(), variable(environment, "NO_PROXY") ?? ""))
    return undefined;
  const address = /^https?:\/\//i.test(given) ? given : `http://${given}`;
  if (!URL.canParse(address)) return undefined;
  const { username, password, href } = new URL(address);
  const bare = new URL(href);
  bare.username = "";
  bare.password = "";
  return {
    url: bare.href,
    ...(username ? { username: decodeURIComponent(username) } : {}),
    ...(password ? { password: decodeURIComponent(password) } : {}),
  };
}
