// Inputs of the image and its registry.
import { rawEndpoint, subscription } from "../../in-memory/raw-inputs.ts";
import { making, type Rows } from "./rows.ts";

const identities = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;
const digest = `sha256:${"0".repeat(64)}`;
const same = (...values: string[]) => Object.fromEntries(values.map((value) => [value, value]));

const acr = (scheme: string, parameters: Record<string, string> = {}, data = {}) =>
  rawEndpoint(
    { loginServer: "Contoso.azurecr.io", tenantid: "tenant", serviceprincipalid: "puller", ...parameters },
    { registrytype: "ACR", ...data },
    scheme,
  );
const other = (registry: string) =>
  rawEndpoint({ registry, username: "user", password: "pass" }, { registrytype: "Others" }, "UsernamePassword");

export const image: Readonly<Record<string, Rows>> = {
  imageName: making({
    of: (settings) => settings.image,
    good: same(
      "contoso.azurecr.io/azure-pipelines-agent:latest",
      "agent",
      "team/agent:1.0_a-b",
      "localhost:5000/team/agent",
      `contoso.azurecr.io/agent@${digest}`,
      `contoso.azurecr.io/agent:1@${digest}`,
      "Contoso.azurecr.io/a__b/c--d:1",
    ),
    bad: {
      "contoso.azurecr.io/Agent": /^imageName: found 'contoso\.azurecr\.io\/Agent'; allowed: \[registry\/\]repository/,
      "https://contoso.azurecr.io/agent:1": /^imageName: /,
      "contoso.azurecr.io/agent:": /^imageName: /,
      "contoso.azurecr.io//agent": /^imageName: /,
      "contoso.azurecr.io/a___b": /^imageName: /,
      "contoso.azurecr.io/a..b": /^imageName: /,
      "contoso.azurecr.io/agent:1 2": /^imageName: /,
      "contoso.azurecr.io/agent:$(tag)": /^imageName: found '\$\(tag\)'; the variable 'tag' is not defined/,
      "contoso.azurecr.io/agent@sha256:12": /^imageName: /,
      [`contoso.azurecr.io/agent:${"1".repeat(129)}`]: /^imageName: /,
      [`contoso.azurecr.io/${"a".repeat(240)}`]: /^imageName: .*up to 255 characters/,
    },
    absent: { needed: /^imageName: nothing was given; an image, such as/ },
  }),
  containerRegistry: making({
    beside: {
      inputs: { imageName: "agent:1" },
      endpoints: {
        federated: acr("WorkloadIdentityFederation"),
        managed: acr("ManagedServiceIdentity"),
        hub: other("https://index.docker.io/v1/"),
        certificate: acr("ServicePrincipal", {
          authenticationType: "spnCertificate",
          servicePrincipalCertificate: "pem",
        }),
        empty: rawEndpoint({ registry: "r.example", username: "u" }, { registrytype: "Others" }),
      },
    },
    of: ({ registry, image: name }) => [name, registry?.kind, registry?.server],
    good: {
      acr: ["contoso.azurecr.io/agent:1", "password", "contoso.azurecr.io"],
      docker: ["registry.example.com/agent:1", "password", "registry.example.com"],
      hub: ["agent:1", "password", "index.docker.io"],
      federated: ["contoso.azurecr.io/agent:1", "exchange", "contoso.azurecr.io"],
      managed: ["contoso.azurecr.io/agent:1", "exchange", "contoso.azurecr.io"],
    },
    bad: {
      gone: /^containerRegistry: found 'gone'; no such service connection/,
      empty: /^containerRegistry: .*has no password/,
      certificate: /^containerRegistry: .*a registry takes no certificate/,
    },
    absent: { is: ["agent:1", undefined, undefined] },
  }),
  registryIdentity: making({
    of: ({ registry }) => registry,
    good: {
      [`${identities}/id-pull`]: {
        kind: "identity",
        server: "contoso.azurecr.io",
        identityId: `${identities}/id-pull`,
      },
    },
    bad: {
      "id-pull": /^registryIdentity: found 'id-pull'; allowed: \/subscriptions\//,
      [`${identities}/a?b`]: /^registryIdentity: /,
      [`${identities}/a, ${identities}/b`]: /^registryIdentity: .*one identity pulls/,
    },
    absent: { is: undefined },
  }),
  osType: making({
    beside: { inputs: { agentRegistration: "container" } },
    of: ({ osType }) => osType,
    good: { Linux: "Linux", windows: "Windows" },
    bad: { macOS: /^osType: found 'macOS'; allowed: Linux, Windows/ },
    absent: { is: "Linux" },
  }),
};
