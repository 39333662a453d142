// Inputs of every action.
import { rawEndpoint, subscription } from "../../in-memory/raw-inputs.ts";
import { made, type Rows } from "./rows.ts";

const secret = { kind: "secret", tenantId: "tenant", clientId: "client", secret: "secret" };

const azure = (scheme: string, parameters: Record<string, string> = {}, data: Record<string, string> = {}) =>
  rawEndpoint(
    { serviceprincipalid: "client", tenantid: "tenant", ...parameters },
    { subscriptionid: subscription, environment: "AzureCloud", ...data },
    scheme,
  );

export const always: Readonly<Record<string, Rows>> = {
  action: {
    of: ({ action }) => action,
    good: { run: "run", create: "create", remove: "remove", sweep: "sweep", check: "check", Create: "create" },
    bad: {
      destroy: /^action: found 'destroy'; allowed: run, create, remove, sweep, check$/,
      "run,create": /^action: /,
    },
    absent: { is: "run" },
  },
  connectedServiceNameARM: {
    beside: {
      endpoints: {
        certificate: azure("ServicePrincipal", {
          authenticationType: "spnCertificate",
          servicePrincipalCertificate: "pem",
        }),
        federated: azure("WorkloadIdentityFederation"),
        managed: azure("ManagedServiceIdentity", {}, { msiclientId: "identity" }),
        keyless: azure("ServicePrincipal"),
        group: rawEndpoint({ serviceprincipalid: "c", serviceprincipalkey: "k", tenantid: "t" }, {}),
        publish: azure("PublishProfile"),
      },
    },
    of: ({ azure: { identity } }) => (identity.kind === "federated" ? { ...identity, oidc: undefined } : identity),
    good: {
      azure: secret,
      certificate: { kind: "certificate", tenantId: "tenant", clientId: "client", certificate: "pem" },
      federated: {
        kind: "federated",
        tenantId: "tenant",
        clientId: "client",
        connectionId: "federated",
        oidc: undefined,
      },
      managed: { kind: "managed", clientId: "identity" },
    },
    bad: {
      gone: /^azureSubscription: found 'gone'; no such service connection/,
      keyless: /^azureSubscription: .*has no service principal key/,
      group: /^azureSubscription: .*has no subscription id/,
      publish: /^azureSubscription: found 'PublishProfile'/,
    },
    absent: { needed: /^azureSubscription: nothing was given; the name of an Azure Resource Manager/ },
  },
  resourceGroupName: {
    of: ({ resourceGroupName }) => resourceGroupName,
    good: {
      "rg-agents": "rg-agents",
      "RG_1.(a)": "RG_1.(a)",
      "Größe-агенты_東京.(1)": "Größe-агенты_東京.(1)",
      [`r${"g".repeat(89)}`]: `r${"g".repeat(89)}`,
    },
    bad: {
      "rg.": /^resourceGroupName: found 'rg\.'; allowed: up to 90/,
      "my group": /^resourceGroupName: /,
      "rg/../rg-other": /^resourceGroupName: /,
      "rg?x=1": /^resourceGroupName: /,
      ["g".repeat(91)]: /^resourceGroupName: /,
    },
    absent: { needed: /^resourceGroupName: nothing was given/ },
  },
  agentPool: {
    of: ({ agentPool }) => agentPool,
    good: {
      "ephemeral-agents": "ephemeral-agents",
      " Pool of Shop ": "Pool of Shop",
      "Größe & Co (1)": "Größe & Co (1)",
    },
    bad: { "one\ntwo": /^agentPool: .*one line is allowed/s },
    absent: { needed: /^agentPool: nothing was given/ },
  },
};

/** The predecessor's inputs that change nothing. */
export const predecessor: Readonly<Record<string, Rows>> = Object.fromEntries(
  ["addSPNToContainer", "useGlobalConfig"].map((name): [string, Rows] => [
    name,
    {
      of: (settings) => Object.keys(made(settings)).includes(name),
      good: { true: false, false: false, True: false },
      bad: { yes: /found 'yes'; allowed: true, false/ },
      absent: { is: false },
    },
  ]),
);
