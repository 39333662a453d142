// A page around the tab, as Azure DevOps is one: it puts the tab into a frame, shakes hands with it by the SDK's own channel,
// gives it its services and its theme, and answers the Build API.
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { repository } from "../../../scripts/build/bundle.ts";
import { buildResultsTab } from "../../../scripts/build/results-tab.ts";

export const themes = {
  light: {
    "palette-neutral-0": "255, 255, 255",
    "text-primary-color": "rgba(0, 0, 0, .9)",
    "palette-neutral-20": "200, 198, 196",
  },
  dark: {
    "palette-neutral-0": "32, 31, 30",
    "text-primary-color": "rgba(255, 255, 255, .95)",
    "palette-neutral-20": "80, 78, 76",
  },
} as const;

/** The script of the page around the tab; the channel is the SDK's. */
const hostScript = `
import { channelManager } from "azure-devops-extension-sdk/esm/XDM.min.js";
const given = JSON.parse(document.getElementById("given").textContent);
const frame = document.querySelector("iframe");
const channel = channelManager.addChannel(frame.contentWindow, location.origin);
const registry = channel.getObjectRegistry();
const services = {
  "ms.vss-build-web.build-page-data-service": {
    getBuildPageData: async () => ({ build: { id: 42, project: { id: "shop" } } }),
  },
  "ms.vss-features.location-service": { getServiceLocation: async () => given.organization },
};
registry.register("DevOps.HostControl", {
  initialHandshake: async () => ({
    contributionId: "ephemeral-agents-tab",
    context: { extension: {}, user: {}, host: {}, pageContext: { webContext: { project: { id: "shop" } } } },
    initialConfig: {},
    themeData: given.theme,
  }),
  notifyLoadSucceeded: async () => { document.body.dataset.loaded = "true"; },
  notifyLoadFailed: async () => { document.body.dataset.loaded = "failed"; },
  getAccessToken: async () => ({ token: "token-of-the-viewer" }),
});
registry.register("DevOps.ServiceManager", { getService: (id) => services[id] });
frame.src = "/tab/index.html";
`;

export interface HostPage {
  readonly url: string;
  /** What the Build API was asked: method, path, whether the viewer's token came along. */
  readonly asked: readonly string[];
  show(part: {
    readonly records?: readonly unknown[];
    readonly theme?: keyof typeof themes;
    readonly status?: number;
    readonly running?: boolean;
  }): void;
  close(): Promise<void>;
}

/** Serves the page, the tab and a Build API on loopback. */
export async function hostPage(): Promise<HostPage> {
  const folder = await buildResultsTab();
  const { outputFiles } = await build({
    stdin: { contents: hostScript, resolveDir: repository },
    alias: {
      "azure-devops-extension-sdk/esm/XDM.min.js": join(
        repository,
        "node_modules/azure-devops-extension-sdk/esm/XDM.min.js",
      ),
    },
    bundle: true,
    format: "iife",
    write: false,
  });
  const script = outputFiles[0]?.text ?? "";
  const asked: string[] = [];
  let state: { records: readonly unknown[]; theme: keyof typeof themes; status: number; running: boolean } = {
    records: [],
    theme: "light",
    status: 200,
    running: false,
  };
  const types: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript", css: "text/css" };
  const server: Server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const origin = `http://127.0.0.1:${port}`;
    const path = new URL(request.url ?? "/", origin).pathname;
    const send = (status: number, type: string, body: string | Buffer): void => {
      response.writeHead(status, { "content-type": `${type}; charset=utf-8` }).end(body);
    };
    if (path.startsWith("/tab/")) {
      const name = path.slice("/tab/".length);
      // The page's policy allows https alone; the Build API of this test is on loopback.
      const file = readFileSync(join(folder, name));
      const body =
        name === "index.html" ? file.toString().replace("connect-src https:", `connect-src ${origin}`) : file;
      return send(200, types[name.split(".").at(-1) ?? ""] ?? "text/plain", body);
    }
    if (path === "/host.js") return send(200, "text/javascript", script);
    if (path === "/") {
      const given = JSON.stringify({ organization: `${origin}/contoso/`, theme: themes[state.theme] });
      const style = "<style>body{margin:0}iframe{border:0;width:100vw;height:100vh}</style>";
      const page = `<!doctype html><html lang="en"><title>Run 42</title>${style}<script type="application/json" id="given">${given}</script><iframe title="Ephemeral agents"></iframe><script src="/host.js"></script>`;
      return send(200, "text/html", page);
    }
    asked.push(
      `${request.method} ${path}${request.headers.authorization === "Bearer token-of-the-viewer" ? "" : " without token"}`,
    );
    if (state.status !== 200) return send(state.status, "application/json", "{}");
    const build = "/contoso/shop/_apis/build/builds/42";
    if (path === build)
      return send(200, "application/json", JSON.stringify({ status: state.running ? "inProgress" : "completed" }));
    if (path === `${build}/attachments/ephemeral-agent`) {
      const value = state.records.map((_, index) => ({
        name: `step-${index}`,
        _links: { self: { href: `${origin}/contoso/attachment/${index}` } },
      }));
      return send(200, "application/json", JSON.stringify({ count: value.length, value }));
    }
    const [, index] = /^\/contoso\/attachment\/(\d+)$/.exec(path) ?? [];
    if (index !== undefined) return send(200, "application/octet-stream", JSON.stringify(state.records[Number(index)]));
    return send(404, "application/json", "{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    asked,
    show(part) {
      asked.length = 0;
      state = { records: [], theme: "light", status: 200, running: false, ...part };
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
