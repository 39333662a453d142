// The route of agent packages, and their download.
import type { Site } from "../../http/https-site.ts";
import type { Api, ApiRequest } from "../api-routes.ts";
import { collection } from "../json-fields.ts";
import { invalidArgument, ServiceError } from "../service-error.ts";

/** An agent package as it is downloaded. */
export interface AgentPackage {
  readonly content: Buffer;
  /** SHA-256 in hexadecimal. */
  readonly hashValue: string;
}

interface PackagesContext {
  readonly api: Api;
  readonly downloads: Site;
  readonly version: string;
  /** Builds the package, or hands out the one built before. */
  build(): Promise<AgentPackage>;
}

const platforms = ["linux-x64", "linux-arm64"];

/** Which agent the service offers, and its download (facts agent-protocol §7). */
export function servePackages({ api, downloads, version, build }: PackagesContext): void {
  const createdOn = new Date().toISOString();

  const metadata = async (platform: string): Promise<object> => {
    const filename = `vsts-agent-${platform}-${version}.tar.gz`;
    const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
    return {
      type: "agent",
      platform,
      createdOn,
      version: { major, minor, patch },
      downloadUrl: `${downloads.origin}/agent/${version}/${filename}`,
      infoUrl: `https://go.microsoft.com/fwlink/?LinkId=798199`,
      filename,
      hashValue: (await build()).hashValue,
    };
  };
  const listed = async (request: ApiRequest, platform: string | undefined) => {
    const asked = platforms.filter((each) => platform === undefined || each === platform.toLowerCase());
    const top = Number(request.query("$top") ?? asked.length);
    if (!Number.isInteger(top)) throw invalidArgument("$top must be a whole number.");
    return { status: 200, body: collection(await Promise.all(asked.slice(0, top).map(metadata))) };
  };

  const agents = { agents: true };
  const packagesRoute = "_apis/distributedtask/packages/agent";
  api.route("GET", packagesRoute, (request) => listed(request, request.query("platform")), agents);
  api.route("GET", `${packagesRoute}/:platform`, (request) => listed(request, request.param("platform")), agents);
  api.route(
    "GET",
    `${packagesRoute}/:platform/:version`,
    async (request) => {
      const platform = request.param("platform").toLowerCase();
      if (!platforms.includes(platform) || request.param("version") !== version) {
        throw new ServiceError(404, "PackageNotFoundException", "No such agent package.");
      }
      return { status: 200, body: await metadata(platform) };
    },
    agents,
  );
  for (const platform of platforms) {
    downloads.route("GET", `/agent/${version}/vsts-agent-${platform}-${version}.tar.gz`, async () => ({
      status: 200,
      headers: { "content-type": "application/gzip" },
      body: (await build()).content,
    }));
  }
}
