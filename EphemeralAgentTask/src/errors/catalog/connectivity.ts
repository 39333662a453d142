// Errors on the way from this machine to a service: 91x.
import type { CatalogEntry } from "./catalog-entry.ts";

export const way = {
  EA911: {
    title: "A service does not answer.",
    next: "Check that this machine resolves and reaches the host named in the cause (DNS, firewall, the agent's proxy), and the service's status page; then run again.",
  },
  EA912: {
    title: "This machine does not trust the certificate of a service.",
    next: "A proxy or firewall that inspects TLS shows its own certificate: give its root to the agent of this machine (config.sh --sslcacert FILE, or NODE_EXTRA_CA_CERTS=FILE in the agent's environment), or let the host named in the cause pass without inspection. Your credentials are not the reason.",
  },
  EA913: {
    title: "The proxy does not let this machine reach a service.",
    next: "Let the proxy pass the host named in the cause, check the user and password of the agent's proxy (config.sh --proxyurl, --proxyusername, --proxypassword), or name the host in the agent's .proxybypass file.",
  },
  EA914: {
    title: "Something else answered in place of a service, or only half an answer came.",
    next: "The cause says what came. Usually it is the page of a proxy, firewall or gateway on the way: let the host named there pass through it unchanged. If the service itself shows the page, look at its status page and run again later.",
  },
} as const satisfies Record<string, CatalogEntry>;
