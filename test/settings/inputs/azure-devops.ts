// Inputs of Azure DevOps.
import { rawEndpoint } from "../../in-memory/raw-inputs.ts";
import { flag, type Rows } from "./rows.ts";

const own = "https://dev.azure.com/contoso/";
const pat = { azureDevOpsToken: "abcdefghijklmnop" };

export const azureDevOps: Readonly<Record<string, Rows>> = {
  azureDevOpsToken: {
    secret: true,
    of: ({ devops }) => devops.token,
    good: {
      abcdefghijklmnop: { kind: "personalAccessToken", token: "abcdefghijklmnop" },
      "eyJhbGciOi.eyJzdWIi.c2ln": { kind: "bearer", token: "eyJhbGciOi.eyJzdWIi.c2ln" },
    },
    bad: {
      "hunter2 hunter2": /^azureDevOpsToken: found '\(not shown\)'; a token has no blanks$/,
      "hunter2\nhunter2": /^azureDevOpsToken: found '\(not shown\)'; one line is allowed/,
      "a$(hunter2)b": /^azureDevOpsToken: found '\(not shown\)'; a variable in it is not defined/,
    },
    absent: { is: { kind: "bearer", token: "job-token" } },
  },
  connectedServiceNameAzureDevOps: {
    beside: {
      endpoints: {
        pool: rawEndpoint({ TenantId: "tenant", ServicePrincipalId: "client" }, {}, "WorkloadIdentityFederation", own),
        half: rawEndpoint({ TenantId: "tenant" }, {}, "WorkloadIdentityFederation", own),
      },
    },
    of: ({ devops: { token } }) => (token.kind === "entra" ? [token.kind, token.authorityUrl] : token.kind),
    good: { pool: ["entra", "https://login.microsoftonline.com"] },
    bad: {
      gone: /^azureDevOpsConnection: found 'gone'; no such service connection/,
      half: /^azureDevOpsConnection: .*has no service principal id/,
    },
    absent: { is: "bearer" },
  },
  azureDevOpsUrl: {
    secret: true,
    beside: { inputs: pat },
    of: ({ devops }) => devops.url,
    good: {
      "https://dev.azure.com/fabrikam": "https://dev.azure.com/fabrikam/",
      "https://devops.contoso.com/DefaultCollection/": "https://devops.contoso.com/DefaultCollection/",
      "https://tfs:8443/tfs/Main": "https://tfs:8443/tfs/Main/",
      "https://fabrikam.visualstudio.com": "https://fabrikam.visualstudio.com/",
    },
    bad: {
      "http://devops.contoso.com/Main": /^azureDevOpsUrl: /,
      fabrikam: /^azureDevOpsUrl: found 'fabrikam'; allowed: https:\/\/dev.azure.com\/ORGANIZATION/,
      "https://dev.azure.com/": /^azureDevOpsUrl: /,
      "https://dev.azure.com": /^azureDevOpsUrl: /,
      "https://dev.azure.com/fabrikam/Shop": /^azureDevOpsUrl: /,
      "https://user:hunter2@devops.contoso.com/Main": /^azureDevOpsUrl: found '\(not shown\)'/,
      "https://devops.contoso.com/Main?x=1": /^azureDevOpsUrl: /,
      "https://devops.contoso.com:99999/Main": /^azureDevOpsUrl: /,
    },
    absent: { is: own },
  },
  shape: {
    of: (settings) => "besideRun" in settings && (settings.besideRun ? "run" : "template"),
    good: { template: "template", run: "run" },
    bad: { watched: /^shape: found 'watched'; allowed: template, run$/ },
    absent: { is: "template" },
    beside: { inputs: { action: "check" } },
  },
  addPlaceholder: flag((settings) => "addPlaceholder" in settings && settings.addPlaceholder, {
    inputs: { action: "check" },
  }),
};
