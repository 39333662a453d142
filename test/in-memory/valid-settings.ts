// Valid settings for tests.
import type { RunIdentity } from "../../EphemeralAgentTask/src/plan/owner-marks.ts";
import type { CreateSettings } from "../../EphemeralAgentTask/src/settings/settings.ts";

export const identity = (runId = "101", stage = "Deploy"): RunIdentity => ({
  organizationUrl: "https://dev.azure.com/contoso/",
  projectId: "project-1",
  projectName: "Shop",
  hostType: "build",
  runId,
  planId: `plan-${runId}`,
  stage,
  attempt: "1",
  jobId: `own-job-${runId}`,
});

export const settings = (overrides: Partial<CreateSettings> = {}): CreateSettings => ({
  azure: {
    identity: { kind: "secret", tenantId: "tenant", clientId: "client", secret: "secret-of-the-principal" },
    environment: "AzureCloud",
    subscriptionId: "11111111-1111-1111-1111-111111111111",
    armUrl: "https://management.azure.com",
    authorityUrl: "https://login.microsoftonline.com",
    audience: "https://management.azure.com/",
    customAuthority: false,
  },
  devops: {
    url: "https://dev.azure.com/contoso/",
    token: { kind: "bearer", token: "secret-token" },
    jobToken: "secret-token",
  },
  run: identity(),
  resourceGroupName: "rg-agents",
  agentPool: "agents",
  onlineMs: 600_000,
  idleMs: 3_600_000,
  lifetimeMs: 6 * 3_600_000,
  agentPrefix: "eph",
  agentCount: 1,
  capabilities: {},
  image: "contoso.azurecr.io/agent:1",
  placements: [
    {
      location: "westeurope",
      subnetId:
        "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet/subnets/agents",
      cpu: 1,
      memoryInGB: 2,
    },
  ],
  osType: "Linux",
  registration: "task",
  selfDestruct: false,
  container: { environment: {}, secretEnvironment: {}, identityIds: [], volumes: [], tags: {} },
  keepOnError: false,
  demandable: true,
  ...overrides,
});
