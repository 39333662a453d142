// Inputs of the container.
import { subscription } from "../../in-memory/raw-inputs.ts";
import { making, type Rows } from "./rows.ts";

const identities = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;
const workspace = "11111111-2222-3333-4444-555555555555";
const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");

const variables = (input: string): Pick<Rows, "good" | "bad" | "absent"> => ({
  good: {
    "A=1\nMY_NAME_2 = two words \nURL=https://x/?a=b": {
      A: "1",
      MY_NAME_2: "two words",
      URL: "https://x/?a=b",
    },
    "A=1\nSSH_KEY<<END\n-----BEGIN\n  b=c==\n\n-----END\nEND\nB=2": {
      A: "1",
      SSH_KEY: "-----BEGIN\n  b=c==\n\n-----END",
      B: "2",
    },
    "AGENT_USER=builder": { AGENT_USER: "builder" },
    "AZ_SUBSCRIPTION_ID=of-the-job\nHOME=/srv": { AZ_SUBSCRIPTION_ID: "of-the-job", HOME: "/srv" },
    [`${"N".repeat(63)}=x`]: { ["N".repeat(63)]: "x" },
    "name=1\nNAME=2": { name: "1", NAME: "2" },
  },
  bad: {
    "with-hyphen=hunter2": new RegExp(`^${input}: line 1 \\(not shown\\); allowed in a name`),
    "_FIRST=hunter2": new RegExp(`^${input}: line 1 `),
    "LAST_=hunter2": new RegExp(`^${input}: line 1 `),
    "1ST=hunter2": new RegExp(`^${input}: line 1 .*with a letter first`),
    [`${"N".repeat(64)}=hunter2`]: new RegExp(`^${input}: line 1 `),
    "AZP_TOKEN=hunter2": new RegExp(`^${input}: line 1 .*this task sets`),
    "\n\nEPHEMERAL_STATE=hunter2": new RegExp(`^${input}: line 3 .*this task sets`),
    "VSTS_AGENT_INPUT_POOL=hunter2": new RegExp(`^${input}: line 1 .*the start script keeps or sets this variable`),
    "WORKER_DIAGLOGPATH=/hunter2": new RegExp(`^${input}: line 1 .*the start script keeps`),
    "A=hunter2\nEMPTY=": new RegExp(`^${input}: line 2 .*Azure refuses an empty one`),
    "A=1\nA=hunter2": new RegExp(`^${input}: line 2 .*a name may be given once; line 1 has the same one`),
    "=hunter2": new RegExp(`^${input}: line 1 .*one 'name=value' a line`),
    "SSH_KEY=-----BEGIN hunter2-----\nhunter2/hunter2\nhunter2==\n-----END hunter2-----": new RegExp(
      `^${input}: line 2 .*one 'name=value' a line is allowed; a value of several lines begins with NAME<<END`,
    ),
    "A<<END\nhunter2\n": new RegExp(`^${input}: line 1 .*the line that ends this value is missing`),
    "A=b$(hunter2)c": new RegExp(`^${input}: found '\\(not shown\\)'; a variable in it is not defined`),
    hunter2: new RegExp(`^${input}: line 1 .*one 'name=value' a line`),
  },
  absent: { is: {} },
});

export const container: Readonly<Record<string, Rows>> = {
  CPU: making({
    of: ({ placements }) => placements[0].cpu,
    good: { "1": 1, "0.1": 0.1, "0.25": 0.25, "2.50": 2.5, "31": 31 },
    bad: {
      "0": /^CPU: found '0'; allowed: a number, with a point for decimals, from 0\.1 to 31 \(cores\) in steps of 0\.01/,
      "32": /^CPU: /,
      "0.125": /^CPU: /,
      "1,5": /^CPU: /,
      two: /^CPU: /,
      "-1": /^CPU: /,
      "1e1": /^CPU: /,
    },
    absent: { is: 1 },
  }),
  memory: making({
    of: ({ placements }) => placements[0].memoryInGB,
    good: { "2": 2, "1.0": 1, "3.5": 3.5, "0.3": 0.3, "240": 240 },
    bad: {
      "1.25": /^memory: found '1\.25'; allowed: .* from 0\.1 to 240 \(GB\) in steps of 0\.1/,
      "0": /^memory: /,
      "241": /^memory: /,
      "2GB": /^memory: /,
      "1,5": /^memory: /,
    },
    absent: { is: 2 },
  }),
  environmentVariables: making({
    secret: true,
    of: ({ container: { environment } }) => environment,
    ...variables("environmentVariables"),
  }),
  secretEnvironmentVariables: making({
    secret: true,
    beside: { inputs: { environmentVariables: "PLAIN=1" } },
    of: ({ container: { secretEnvironment } }) => secretEnvironment,
    ...variables("secretEnvironmentVariables"),
    bad: {
      ...variables("secretEnvironmentVariables").bad,
      "PLAIN=hunter2": /^secretEnvironmentVariables: line 1 \(not shown\); environmentVariables has this name already/,
    },
  }),
  userAssignedIdentities: making({
    of: ({ container: { identityIds } }) => identityIds,
    good: {
      [`${identities}/a`]: [`${identities}/a`],
      [`${identities}/a,${identities}/b\n${identities}/c`]: ["a", "b", "c"].map((name) => `${identities}/${name}`),
    },
    bad: {
      "id-deploy": /^userAssignedIdentities: found 'id-deploy'; allowed: \/subscriptions\//,
      [`${identities}/a#b`]: /^userAssignedIdentities: /,
      [`${identities}/`]: /^userAssignedIdentities: /,
    },
    absent: { is: [] },
  }),
  volumes: making({
    secret: true,
    of: (settings) => settings.container.volumes,
    good: {
      "emptyDir mountPath=/work": [{ kind: "emptyDir", mountPath: "/work" }],
      "azureFile share=cache account=stshop key=a2V5+/== mountPath=/var/cache/x readOnly=true": [
        {
          kind: "azureFile",
          mountPath: "/var/cache/x",
          share: "cache",
          account: "stshop",
          key: "a2V5+/==",
          readOnly: true,
        },
      ],
      "\nemptyDir   mountPath=/a\n\n  azureFile mountPath=/b key=a2V5 account=stshop share=c-1\n": [
        { kind: "emptyDir", mountPath: "/a" },
        { kind: "azureFile", mountPath: "/b", share: "c-1", account: "stshop", key: "a2V5", readOnly: false },
      ],
    },
    bad: {
      "hostPath mountPath=/x": /^volumes: line 1 \(not shown\); allowed: lines that begin with emptyDir or azureFile/,
      "hunter2 mountPath=/x": /^volumes: line 1 \(not shown\); allowed/,
      emptyDir: /^volumes: .*mountPath=\/… is needed/,
      "\nemptyDir mountPath=work": /^volumes: line 2 \(not shown\); mountPath/,
      "emptyDir mountPath=/a/../b": /^volumes: line 1 \(not shown\); mountPath/,
      "emptyDir mountPath=/a//b": /^volumes: /,
      "emptyDir mountPath=/a:b": /^volumes: /,
      "emptyDir mountPath=/": /^volumes: /,
      "emptyDir mountPath=/mnt": /^volumes: .*this task's own/,
      "emptyDir mountPath=/mnt/ephemeral-agent": /^volumes: .*this task's own/,
      "emptyDir mountPath=/mnt/ephemeral-state/x": /^volumes: .*this task's own/,
      "emptyDir mountPath=/a size=5": /^volumes: line 1 .*allowed in the line: mountPath=…/,
      "emptyDir mountPath=/a\nemptyDir mountPath=/a":
        /^volumes: line 2 .*a path may be mounted once; line 1 has the same/,
      "azureFile mountPath=/a account=stshop key=a2V5": /^volumes: line 1 .*share=… takes/,
      "azureFile mountPath=/a share=Cache account=stshop key=hunter2": /^volumes: line 1 .*share=…/,
      "azureFile mountPath=/a share=cache account=st-shop key=hunter2": /^volumes: line 1 .*account=…/,
      "azureFile mountPath=/a share=cache account=stshop key=hunter2*": /^volumes: line 1 .*key=…/,
      "azureFile mountPath=/a share=cache account=stshop key=a2V5 readOnly=yes": /^volumes: .*readOnly=… takes/,
      "azureFile mountPath=/a share=cache account=stshop key=a$(hunter2)b":
        /^volumes: found '\(not shown\)'; a variable in it is not defined/,
      "azureFile mountPath=/a share=cache account=stshop key=$(key)":
        /^volumes: found '\$\(key\)'; the variable 'key' is not defined/,
      [lines(19, (index) => `emptyDir mountPath=/v${index}`)]: /^volumes: .*up to 18 volumes are allowed, not 19/,
    },
    absent: { is: [] },
  }),
  workFolder: making({
    of: (settings) => settings.container.workFolder,
    good: { "/work": "/work", "/mnt/disk/_work": "/mnt/disk/_work" },
    bad: {
      work: /^workFolder: found 'work'; allowed: an absolute path in the container/,
      "/": /^workFolder: /,
      "/work/": /^workFolder: /,
      "/a/../b": /^workFolder: /,
      "/a b": /^workFolder: /,
      "C:\\work": /^workFolder: /,
      "/mnt/ephemeral-agent/x": /^workFolder: .*the task's own/,
    },
    absent: { is: undefined },
  }),
  logAnalyticsWorkspaceId: making({
    beside: { inputs: { logAnalyticsWorkspaceKey: "a2V5" } },
    of: (settings) => settings.container.logAnalytics,
    good: { [workspace]: { workspaceId: workspace, workspaceKey: "a2V5" } },
    bad: {
      workspace: /^logAnalyticsWorkspaceId: found '\(not shown\)'; allowed: the workspace's id, a GUID/,
      "/subscriptions/x/resourceGroups/y/providers/Microsoft.OperationalInsights/workspaces/z":
        /^logAnalyticsWorkspaceId: /,
    },
    absent: { needed: /^logAnalyticsWorkspaceId: nothing was given; it is needed with logAnalyticsWorkspaceKey/ },
  }),
  logAnalyticsWorkspaceKey: making({
    secret: true,
    beside: { inputs: { logAnalyticsWorkspaceId: workspace } },
    of: (settings) => settings.container.logAnalytics,
    good: { "a2V5+/==": { workspaceId: workspace, workspaceKey: "a2V5+/==" } },
    bad: { "hunter2*": /^logAnalyticsWorkspaceKey: found '\(not shown\)'; allowed: a key of the workspace/ },
    absent: { needed: /^logAnalyticsWorkspaceKey: nothing was given; it is needed with logAnalyticsWorkspaceId/ },
  }),
  tags: making({
    of: (settings) => settings.container.tags,
    good: {
      "costCenter=4711\nowner = Team Shop": { costCenter: "4711", owner: "Team Shop" },
      "EphemeralAgents=yes": { EphemeralAgents: "yes" },
      [`a=${"x".repeat(256)}`]: { a: "x".repeat(256) },
    },
    bad: {
      "cost/center=1": /^tags: found 'cost\/center'; a tag's name has no/,
      [`${"n".repeat(129)}=1`]: /^tags: .*up to 128 letters/,
      [`a=${"x".repeat(257)}`]: /^tags: found 'a'; a tag's value has up to 256/,
      "EphemeralAgent=x": /^tags: found 'EphemeralAgent'; this task sets/,
      "ephemeralagent.expires=x": /^tags: found 'ephemeralagent\.expires'/,
      owner: /^tags: line 1 \(not shown\); one 'name=value' a line/,
      "owner=a\nOwner=b": /^tags: found 'Owner'; a name may be given once/,
      [lines(36, (index) => `t${index}=1`)]: /^tags: found '36'; up to 35 tags/,
    },
    absent: { is: {} },
  }),
};
