// Faults of the image and its registry.
import { answered, arm, type Fault, later, normal, shows, trying, warning } from "../fault.ts";

const inaccessible =
  "The image 'contoso.azurecr.io/agent:1' in container group 'eph-101-abc123' is not accessible. Please check the image and registry credential.";
const pull = (reason: string) => warning("Failed", `Failed to pull image "contoso.azurecr.io/agent:1": ${reason}`);
const pullingNow = normal("Pulling", 'pulling image "contoso.azurecr.io/agent:1"');
const closed =
  "denied: client with IP '20.31.7.9' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.";

/** An identity that pulls. */
const puller = { kind: "identity", server: "contoso.azurecr.io", identityId: "id" } as const;

/** What the registry and the pull show. */
export const imageFaults: readonly Fault[] = [
  {
    name: "image not found, as the service refuses it",
    inject: answered("host.create", arm(400, "InaccessibleImage", inaccessible)),
    code: "EA406",
    cause: /^Azure \(localhost:\d+\): InaccessibleImage: The image 'contoso.azurecr.io\/agent:1' .* \(HTTP 400\)$/,
  },
  {
    name: "image not found, as the pull fails",
    // Azure/azure-cli and containerd: `manifest unknown` for a tag that is not there.
    inject: trying(pull("manifest for contoso.azurecr.io/agent:1 not found: manifest unknown")),
    settings: { onlineMs: 60_000 },
    code: "EA401",
    cause: /manifest unknown/,
  },
  {
    name: "registry refuses: wrong user or password",
    // Docker Registry HTTP API: UNAUTHORIZED.
    inject: trying(pull("unauthorized: authentication required")),
    settings: { onlineMs: 60_000, registry: puller },
    code: "EA403",
    cause: /unauthorized: authentication required/,
  },
  {
    name: "registry refuses: its token exchange",
    inject: answered("host.pullCredential", {
      site: "registry",
      status: 401,
      body: { errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] },
    }),
    settings: { registry: puller },
    code: "EA403",
    cause: /RegistryRefused: \S+ answered 401 .*authentication required/,
  },
  {
    name: "registry refuses: an identity that the group has not",
    // MicrosoftDocs/azure-docs #117644
    inject: answered(
      "host.create",
      arm(400, "InvalidImageRegistryIdentity", "The identity in 'imageRegistryCredentials' is not one of the group's."),
    ),
    settings: { registry: puller },
    code: "EA403",
    cause: /InvalidImageRegistryIdentity/,
  },
  {
    name: "registry by private endpoint without identity",
    // Azure/acr #633, an event of a container group.
    inject: trying(
      pull(`Error response from daemon: Head "https://contoso.azurecr.io/v2/agent/manifests/1": ${closed}`),
    ),
    settings: { onlineMs: 60_000 },
    code: "EA404",
    cause: /client with IP '20\.31\.7\.9' is not allowed access/,
  },
  {
    name: "registry by private endpoint without identity, as the token exchange shows it",
    inject: answered("host.pullCredential", {
      site: "registry",
      status: 403,
      body: { errors: [{ code: "DENIED", message: closed }] },
    }),
    settings: { registry: { kind: "identity", server: "contoso.azurecr.io", identityId: "id" } },
    code: "EA404",
    cause: /RegistryRefused: .*is not allowed access/,
  },
  {
    name: "registry fails",
    inject: answered(
      "host.create",
      arm(
        409,
        "RegistryErrorResponse",
        "An error response is received from the docker registry 'contoso.azurecr.io'. Please retry later.",
      ),
    ),
    code: "EA402",
    cause: /RegistryErrorResponse: An error response is received from the docker registry/,
  },
  {
    name: "image too slow to pull for the time given",
    inject: (stage) => {
      trying(pullingNow)(stage);
      stage.shownAt = stage.clock.now() + 120_000;
    },
    settings: { onlineMs: 120_000 },
    code: "EA405",
    cause: /^after 120 s: container group creating, container waiting\. Pulling: pulling image/,
  },
  {
    name: "image that cannot be pulled, of which Azure shows nothing in the time given",
    // No operation recorded since 2021 lists an event while the group is Pending or Creating.
    inject: (stage) => {
      shows({ provisioningState: "Creating" })(stage);
      stage.shownAt = stage.clock.now() + 120_000;
    },
    settings: { onlineMs: 120_000 },
    code: "EA616",
    cause: /^after 120 s: container group creating\. Azure shows no warning events\.$/,
  },
  {
    name: "image that cannot be pulled, told while there is time left",
    inject: (stage) => {
      shows({ provisioningState: "Creating" })(stage);
      stage.shownAt = stage.clock.now() + 150_000;
    },
    settings: { onlineMs: 600_000 },
    code: "EA616",
    cause: /^container group creating for 15\d s, and Azure shows no events yet\.$/,
  },
  {
    name: "image that cannot be pulled, as Azure shows it when it gives up",
    inject: later(1_800_000, { provisioningState: "Failed", events: [pull("manifest unknown")] }),
    settings: { onlineMs: 0 },
    code: "EA401",
    cause: /manifest unknown/,
  },
  {
    name: "image that cannot be pulled, of which Azure shows nothing even then",
    inject: later(1_800_000, { provisioningState: "Failed" }),
    settings: { onlineMs: 0 },
    code: "EA603",
    cause: /^Azure shows no warning events\.$/,
  },
  {
    name: "image too slow to pull for Azure",
    inject: shows({ provisioningState: "Failed", events: [pullingNow] }),
    code: "EA405",
    cause: /^Pulling: pulling image "contoso.azurecr.io\/agent:1"$/,
  },
];
