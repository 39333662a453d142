// What the extension's package must be, whatever tfx makes of the manifest.

/** Every file of the package, and no other one. */
export const packageContent: readonly string[] = [
  "CHANGELOG.md",
  "EphemeralAgentTask/icon.png",
  "EphemeralAgentTask/icon.svg",
  "EphemeralAgentTask/index.js",
  "EphemeralAgentTask/postjob.js",
  "EphemeralAgentTask/task.json",
  "EphemeralAgentTask/third-party-licenses.txt",
  "LICENSE",
  "[Content_Types].xml",
  "extension.vsixmanifest",
  "extension.vsomanifest",
  "images/demo-dark.png",
  "images/failure-light.png",
  "images/icon.png",
  "images/network.png",
  "images/run-light.png",
  "overview.md",
  "results-tab/index.html",
  "results-tab/tab.css",
  "results-tab/tab.js",
];

/** Bytes. An agent downloads the task anew on every Microsoft-hosted machine. */
export const largestPackage = 1_000_000;

/** What is wrong with a package of these files and this size in bytes; empty when nothing is. */
export function packageProblems(files: readonly string[], size: number): readonly string[] {
  const missing = packageContent.filter((name) => !files.includes(name)).map((name) => `It lacks ${name}.`);
  const surplus = files.filter((name) => !packageContent.includes(name)).map((name) => `It also holds ${name}.`);
  const large = size > largestPackage ? [`It has ${size} bytes, more than ${largestPackage}.`] : [];
  return [...missing, ...surplus, ...large];
}
