import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import { type Broken, namesEach } from "./broken-setups.ts";

const broken: readonly Broken[] = [
  [
    "a token that is refused",
    ({ devops }) => {
      devops.caller = async () => {
        throw new ServiceFault("Azure DevOps", "HTTP 401", "Unauthorized", { status: 401 });
      };
    },
    "wrong Azure DevOps identity",
    /did not accept the token/,
    /check that it has not expired/,
  ],
  [
    "a pool that is not there",
    ({ devops }) => {
      devops.pool = async () => undefined;
    },
    "wrong pool agents",
    /does not exist/,
    /Organization settings > Agent pools > Add pool/,
  ],
  [
    "a Microsoft-hosted pool",
    ({ devops, world }) => {
      devops.pool = async () => ({ records: world.pool, hosted: true });
    },
    "wrong pool agents",
    /is Microsoft-hosted/,
  ],
  [
    "no right to manage the pool",
    ({ devops }) => {
      devops.mayManage = async () => false;
    },
    "wrong rights in pool agents",
    /Shop Build Service \(contoso\) may not add and remove agents/,
    /agents > Security: make Shop Build Service \(contoso\) Administrator \(https:\/\/dev.azure.com\/contoso\/_settings\/agentpools\?poolId=7&view=security\)/,
  ],
  [
    "automatic updates",
    ({ devops, world }) => {
      devops.pool = async () => ({ records: world.pool, hosted: false, autoUpdate: true });
    },
    "warning automatic update in pool agents",
    /switch off 'Allow agents in this pool to automatically update'/,
  ],
  [
    "maintenance that may take an agent",
    ({ devops }) => {
      const plan = { enabled: true, days: ["Sunday"], startsAt: "03:00", timeZone: "UTC", agentsPercent: 25 };
      devops.maintenance = async () => [
        { enabled: false, days: [] },
        { ...plan, timeoutMinutes: 60 },
      ];
    },
    "warning maintenance of pool agents",
    /on Sunday at 03:00 \(UTC\), on 25 % of the agents at a time, for up to 60 min each/,
    /may take an agent before the job that it was made for/,
    /agents > Maintenance: .*\(https:\/\/dev.azure.com\/contoso\/_settings\/agentpools\?poolId=7&view=maintenance\)/,
  ],
  [
    "a maintenance plan that cannot be read",
    ({ devops }) => {
      devops.maintenance = async () => {
        throw new ServiceFault("Azure DevOps", "HTTP 500", "Internal Server Error", { status: 500 });
      };
    },
    "warning maintenance of pool agents",
    /could not be read/,
  ],
  [
    "no placeholder beside run",
    (setup) => {
      setup.world.records.clear();
      setup.inputs = { besideRun: true };
    },
    "wrong placeholder",
    /EphemeralAgent=true/,
    /addPlaceholder: true/,
  ],
  [
    "no placeholder with the capabilities",
    (setup) => {
      setup.inputs = { besideRun: true, capabilities: { network: "vnet-shop" } };
    },
    "wrong placeholder",
    /network=vnet-shop, EphemeralAgent=true/,
  ],
  [
    "an agent of a run instead of a placeholder",
    (setup) => {
      setup.world.records.clear();
      setup.world.addRecord("eph-1", { EphemeralAgent: "true", "EphemeralAgent.Run": "100" });
      setup.inputs = { besideRun: true };
    },
    "wrong placeholder",
  ],
  [
    "no agent package",
    ({ world }) => {
      world.pool.agentPackage = async () => {
        throw new ServiceFault("Azure DevOps", "HTTP 500", "no package", { status: 500 });
      };
    },
    "wrong agent package",
    /no package/,
  ],
];

namesEach("in Azure DevOps", broken);
