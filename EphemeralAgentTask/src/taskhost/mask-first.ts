// Imported before task-lib, which prints every input it reads as a debug line and takes it out of the environment: what
// was typed into the pipeline instead of a secret variable is masked before that.
const single = ["AZUREDEVOPSTOKEN", "AGENTPROXYPASSWORD", "LOGANALYTICSWORKSPACEKEY"];
const pairs = ["SECRETENVIRONMENTVARIABLES", "VOLUMES"];

const value = (name: string) => process.env[`INPUT_${name}`] ?? "";

const secrets = [
  ...single.map(value),
  // `name=value` lines, and `key=…` among other words.
  ...pairs
    .flatMap((name) => value(name).split(/\r?\n/))
    .flatMap((line) => [line.replace(/^[^=]*=/, ""), /\bkey=(\S+)/.exec(line)?.[1] ?? ""]),
];

for (const secret of secrets) {
  if (secret.trim() === "") continue;
  const escaped = secret.replaceAll("%", "%AZP25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  process.stdout.write(`##vso[task.setsecret]${escaped}\n`);
}
