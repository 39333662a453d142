// Inputs of the agent.
import { subscription } from "../../in-memory/raw-inputs.ts";
import { flag, made, making, type Rows, whole } from "./rows.ts";

const identity = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id`;

export const agent: Readonly<Record<string, Rows>> = {
  agentPrefix: making({
    of: ({ agentPrefix }) => agentPrefix,
    good: { shop: "shop", "Sample-": "sample", a: "a", "a-1-b": "a-1-b", ["a".repeat(40)]: "a".repeat(40) },
    bad: {
      my_agent: /^agentPrefix: found 'my_agent'; allowed: up to 40 letters/,
      "1st": /^agentPrefix: /,
      "a--b": /^agentPrefix: /,
      "-a": /^agentPrefix: /,
      "a.b": /^agentPrefix: /,
      "a b": /^agentPrefix: /,
      übung: /^agentPrefix: /,
      ["a".repeat(41)]: /^agentPrefix: /,
    },
    absent: { is: "eph" },
  }),
  agentCount: whole((settings) => made(settings).agentCount, { min: 1, max: 50, usual: 1 }),
  capabilities: making({
    of: ({ capabilities }) => capabilities,
    good: {
      "network=vnet-shop": { network: "vnet-shop" },
      "a=1\n\n  b.c-d_e = two words \r\nempty=": { a: "1", "b.c-d_e": "two words", empty: "" },
      "url=https://x/?a=b": { url: "https://x/?a=b" },
      [`${"n".repeat(256)}=${"v".repeat(1024)}`]: { ["n".repeat(256)]: "v".repeat(1024) },
    },
    bad: {
      terraform: /^capabilities: line 1 \(not shown\); one 'name=value' a line/,
      "=1": /^capabilities: /,
      "my tool=1": /^capabilities: found 'my tool'; allowed in a name/,
      "EphemeralAgent=1": /^capabilities: found 'EphemeralAgent'/,
      "ephemeralagent.run=5": /^capabilities: found 'ephemeralagent\.run'/,
      "Agent.Name=x": /^capabilities: found 'Agent\.Name'/,
      [`tool=${"v".repeat(1025)}`]:
        /^capabilities: found 'tool'; a name has up to 256 .* up to 1024; this has 4 and 1025/,
      [`${"n".repeat(257)}=1`]: /^capabilities: found 'n+[^']*'; a name has up to 256 .*; this has 257 and 1/,
      "tool=1\nTool=2": /^capabilities: found 'Tool'; a name may be given once/,
    },
    absent: { is: {} },
  }),
  agentRegistration: making({
    of: ({ registration }) => registration,
    good: { task: "task", container: "container", Container: "container" },
    bad: { image: /^agentRegistration: found 'image'; allowed: task, container/ },
    absent: { is: "task" },
  }),
  selfDestruct: {
    ...flag((settings) => made(settings).selfDestruct, {
      inputs: { agentRegistration: "container", userAssignedIdentities: identity },
    }),
  },
};
