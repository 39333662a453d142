// Runs actions of the task from outside of this process.

/**
 * `node script.mjs READY-FILE TASK-FOLDER NODE ACTION…`: runs the actions one after the other as steps of one run, each
 * with its post-job stage, and prints a report as JSON. Everything an agent sets is set here by hand.
 */
export const outsideScript = `
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { get } from "node:https";
import { join } from "node:path";

const [readyFile, taskFolder, node, ...actions] = process.argv.slice(2);
const ready = JSON.parse(readFileSync(readyFile, "utf8"));
const task = JSON.parse(readFileSync(join(taskFolder, "task.json"), "utf8"));
const work = join(process.cwd(), "work");
mkdirSync(work, { recursive: true });

const name = (text) => text.replace(/[. ]/g, "_").toUpperCase();
const connection = randomUUID();
const parameters = {
  tenantid: ready.tenantId,
  serviceprincipalid: ready.clientId,
  serviceprincipalkey: ready.clientSecret,
  authenticationType: "spnKey",
};
const data = {
  environment: "AzureStack",
  environmentAuthorityUrl: ready.authority,
  activeDirectoryAuthority: ready.authority,
  activeDirectoryServiceEndpointResourceId: ready.arm,
  subscriptionid: ready.subscriptionId,
  subscriptionname: "simulated",
};
const variables = {
  "System.CollectionUri": ready.organizationUrl,
  "System.TeamFoundationCollectionUri": ready.organizationUrl,
  "System.TeamProject": ready.project,
  "System.TeamProjectId": randomUUID(),
  "System.HostType": "build",
  "System.PlanId": randomUUID(),
  "System.JobId": randomUUID(),
  "System.StageName": "__default",
  "System.StageAttempt": "1",
  "System.JobAttempt": "1",
  "System.DefaultWorkingDirectory": work,
  "Agent.TempDirectory": work,
  "Agent.WorkFolder": work,
  "Agent.Version": "4.255.0",
  "Build.BuildId": "4711",
};

function environment(inputs, taskVariables) {
  const env = { PATH: process.env.PATH, HOME: work, TF_BUILD: "True", NODE_EXTRA_CA_CERTS: ready.caFile };
  for (const [key, value] of Object.entries(variables)) env[name(key)] = value;
  env.VSTS_PUBLIC_VARIABLES = JSON.stringify(Object.keys(variables));
  env.VSTS_SECRET_VARIABLES = JSON.stringify(["System.AccessToken"]);
  env.SECRET_SYSTEM_ACCESSTOKEN = ready.pat;
  const system = { parameters: { AccessToken: ready.pat }, scheme: "OAuth" };
  env.ENDPOINT_URL_SYSTEMVSSCONNECTION = ready.organizationUrl;
  env.ENDPOINT_AUTH_SYSTEMVSSCONNECTION = JSON.stringify(system);
  env.ENDPOINT_AUTH_SCHEME_SYSTEMVSSCONNECTION = system.scheme;
  env.ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN = ready.pat;
  env["ENDPOINT_URL_" + connection] = ready.arm;
  env["ENDPOINT_AUTH_" + connection] = JSON.stringify({ parameters, scheme: "ServicePrincipal" });
  env["ENDPOINT_AUTH_SCHEME_" + connection] = "ServicePrincipal";
  for (const [key, value] of Object.entries(parameters)) env["ENDPOINT_AUTH_PARAMETER_" + connection + "_" + name(key)] = value;
  env["ENDPOINT_DATA_" + connection] = JSON.stringify(data);
  for (const [key, value] of Object.entries(data)) env["ENDPOINT_DATA_" + connection + "_" + name(key)] = value;
  for (const { name: key, defaultValue } of task.inputs) env["INPUT_" + name(key)] = String(inputs[key] ?? defaultValue ?? "");
  for (const [key, value] of Object.entries(taskVariables)) env["VSTS_TASKVARIABLE_" + name(key)] = value;
  return env;
}

const unescaped = (text) => text.replaceAll("%0A", "\\n").replaceAll("%0D", "\\r").replaceAll("%3B", ";").replaceAll("%AZP25", "%");

/** Runs one script of the task and reads its commands. */
async function stage(handlers, inputs, taskVariables) {
  const target = (handlers.Node24 ?? handlers.Node20_1).target;
  const child = spawn(node, [join(taskFolder, target)], { cwd: work, env: environment(inputs, taskVariables) });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const exitCode = await new Promise((resolve) => child.once("close", resolve));
  const found = { exitCode, issues: [], outputs: {}, log: [], kept: {} };
  for (const line of output.split("\\n")) {
    const [, command, properties = "", value = ""] = /^##vso\\[([\\w.]+)(?: ([^\\]]*))?\\](.*)$/.exec(line) ?? [];
    const property = (key) => new RegExp("(?:^|;)" + key + "=([^;]*)").exec(properties)?.[1];
    if (command === undefined) found.log.push(line);
    else if (command === "task.complete") found.result = property("result");
    else if (command === "task.logissue") found.issues.push(unescaped(value));
    else if (command === "task.setvariable") found.outputs[property("variable")] = unescaped(value);
    else if (command === "task.settaskvariable") found.kept[property("variable")] = unescaped(value);
  }
  return { ...found, log: found.log.join("\\n") };
}

function agents() {
  const authorization = "Basic " + Buffer.from(":" + ready.pat).toString("base64");
  const url = ready.organizationUrl + "_apis/distributedtask/pools/1/agents?api-version=7.1";
  return new Promise((resolve, reject) => {
    get(url, { ca: readFileSync(ready.caFile), headers: { authorization }, agent: false }, (answer) => {
      let text = "";
      answer.on("data", (chunk) => (text += chunk));
      answer.on("end", () => resolve(JSON.parse(text).value.map((agent) => agent.name)));
    }).on("error", reject);
  });
}

const report = { stages: {}, agents: {} };
for (const action of actions) {
  const inputs = {
    action,
    connectedServiceNameARM: connection,
    resourceGroupName: ready.resourceGroup,
    agentPool: ready.pool,
    ...(action === "create" ? { imageName: ready.image, subnetId: ready.subnetId, location: ready.location } : {}),
  };
  const { kept, ...main } = await stage(task.execution, inputs, {});
  const { kept: _, ...post } = await stage(task.postjobexecution, inputs, kept);
  report.stages[action] = main;
  report.stages[action + " post"] = post;
  report.agents[action] = await agents();
}
console.log(JSON.stringify(report));
`;
