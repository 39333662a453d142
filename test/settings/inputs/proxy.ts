// Inputs of the agent's proxy.
import { making, type Rows } from "./rows.ts";

const url = "http://proxy.contoso.com:3128";
const pem = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIU\nAAECAwQFBgc=\n-----END CERTIFICATE-----";

export const proxy: Readonly<Record<string, Rows>> = {
  agentProxyUrl: making({
    secret: true,
    of: ({ container }) => container.proxy,
    good: {
      [url]: { url },
      "https://proxy": { url: "https://proxy" },
      "http://10.0.0.1:80/": { url: "http://10.0.0.1:80/" },
    },
    bad: {
      "proxy.contoso.com:3128": /^agentProxyUrl: found 'proxy\.contoso\.com:3128'; allowed: http:\/\/host:port/,
      "http://user:hunter2@proxy:3128": /^agentProxyUrl: found '\(not shown\)'; .*without user and password/,
      "http://user:hunter2/proxy:3128": /^agentProxyUrl: found '\(not shown\)'/,
      "http://user:a$(hunter2)b@proxy": /^agentProxyUrl: found '\(not shown\)'; a variable in it is not defined/,
      "http://proxy:3128?password=hunter2": /^agentProxyUrl: found '\(not shown\)'/,
      "http://proxy:port": /^agentProxyUrl: /,
      "http://proxy:99999": /^agentProxyUrl: /,
      "http://proxy/pac": /^agentProxyUrl: /,
      "socks5://proxy:1080": /^agentProxyUrl: /,
      "http://proxy\nno_proxy=*": /^agentProxyUrl: .*one line is allowed/s,
    },
    absent: { is: undefined },
  }),
  agentProxyUsername: making({
    beside: { inputs: { agentProxyUrl: url } },
    of: ({ container }) => container.proxy?.username,
    good: { "build agents": "build agents", "CONTOSO\\agent": "CONTOSO\\agent" },
    bad: { "me\nno_proxy=*": /^agentProxyUsername: .*one line is allowed/s },
    absent: { is: undefined },
  }),
  agentProxyPassword: making({
    secret: true,
    beside: { inputs: { agentProxyUrl: url, agentProxyUsername: "me" } },
    of: ({ container }) => container.proxy?.password,
    good: { "p@ss $w=rd'\"": "p@ss $w=rd'\"" },
    bad: {
      "hunter2\nno_proxy=*": /^agentProxyPassword: found '\(not shown\)'; one line is allowed/,
      "a$(hunter2)": /^agentProxyPassword: found '\(not shown\)'; a variable in it is not defined/,
    },
    absent: { is: undefined },
  }),
  agentProxyBypass: making({
    beside: { inputs: { agentProxyUrl: url } },
    of: ({ container }) => container.proxy?.bypass,
    good: { ".shop.internal,10.0.0.4": ".shop.internal,10.0.0.4" },
    bad: { "a\nVSTS_HTTP_PROXY=http://other": /^agentProxyBypass: .*one line is allowed/s },
    absent: { is: undefined },
  }),
  agentCaBundle: making({
    secret: true,
    of: ({ container }) => container.caBundle,
    good: {
      [pem]: pem,
      [`# Contoso\n${pem}\n\n# Fabrikam\n${pem}`]: `# Contoso\n${pem}\n\n# Fabrikam\n${pem}`,
      [pem.replaceAll("\n", "\r\n")]: pem.replaceAll("\n", "\r\n"),
    },
    bad: {
      "/etc/ssl/ca.pem": /^agentCaBundle: found '\(not shown\)'; allowed: the text of PEM certificates/,
      [pem.replaceAll("\n", " ")]: /^agentCaBundle: .*in lines/,
      [pem.slice(0, 60)]: /^agentCaBundle: /,
      [`${pem}\n-----BEGIN CERTIFICATE-----`]: /^agentCaBundle: /,
      [`${pem}\n-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----`]: /^agentCaBundle: .*a private key/,
      "-----BEGIN PUBLIC KEY-----\na2V5\n-----END PUBLIC KEY-----": /^agentCaBundle: /,
    },
    absent: { is: undefined },
  }),
};
