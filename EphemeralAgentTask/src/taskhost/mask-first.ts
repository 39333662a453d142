// Imported before task-lib, which prints every input it reads as a debug line and takes it out of the environment: a
// token that was typed into the pipeline instead of a secret variable is masked before that.
const token = process.env.INPUT_AZUREDEVOPSTOKEN;
if (token) {
  const escaped = token.replaceAll("%", "%AZP25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  process.stdout.write(`##vso[task.setsecret]${escaped}\n`);
}
