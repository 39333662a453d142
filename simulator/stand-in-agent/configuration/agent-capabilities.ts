// The system capabilities that the stand-in agent publishes.
import { accessSync, constants } from "node:fs";
import { arch, hostname } from "node:os";
import { delimiter, join } from "node:path";
import type { Install } from "./agent-files.ts";
import type { AgentSettings } from "./agent-settings.ts";

/** Longer values are not published (facts agent-protocol §2.3). */
const longestValue = 1024;
const tools = ["curl", "docker", "git", "java", "make", "npm", "python3", "ruby", "sh", "cmake", "clang"];

/** What the agent tells about its machine: anybody who may look at the pool can read it. */
export function systemCapabilities(
  { root, version }: Install,
  { agentName, skipCapabilitiesScan }: Pick<AgentSettings, "agentName" | "skipCapabilitiesScan">,
  environment: NodeJS.ProcessEnv,
): Record<string, string> {
  if (skipCapabilitiesScan) return {};
  return {
    ...foundTools(environment.PATH ?? ""),
    ...published(environment),
    "Agent.Name": agentName,
    "Agent.Version": version,
    "Agent.ComputerName": hostname(),
    "Agent.HomeDirectory": root,
    "Agent.OS": "Linux",
    "Agent.OSArchitecture": arch().toUpperCase(),
    InteractiveSession: "True",
  };
}

/** Of no use to anybody: the agent leaves them out by itself (microsoft/azure-pipelines-agent, EnvironmentCapabilitiesProvider). */
const neverShown = ["comp_wordbreaks", "ls_colors", "TERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "SHLVL"];

/** Names differ by case here: on Linux the agent compares them so. */
function published(environment: NodeJS.ProcessEnv): Record<string, string> {
  const named = (environment.VSO_AGENT_IGNORE ?? "").split(",").map((name) => name.trim());
  const ignored = new Set([...neverShown, ...named]);
  const shown: Record<string, string> = {};
  for (const [name, value = ""] of Object.entries(environment)) {
    const isArgument = name.toUpperCase().startsWith("VSTS_AGENT_INPUT_");
    if (!isArgument && !ignored.has(name) && value.length < longestValue) shown[name] = value;
  }
  return shown;
}

function foundTools(path: string): Record<string, string> {
  const found = tools.map((tool) => [
    tool,
    path
      .split(delimiter)
      .map((folder) => join(folder, tool))
      .find(runs),
  ]);
  return Object.fromEntries(found.filter(([, file]) => file !== undefined));
}

function runs(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
