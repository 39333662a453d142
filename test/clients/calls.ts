// What the foreign clients have called in this run, printed when all is over.

/** Those of the installed packages that are the tested ones. */
const tested = [
  "go",
  "github.com/microsoft/azure-devops-go-api/azuredevops/v7",
  "github.com/Azure/azure-sdk-for-go/sdk/azidentity",
  "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/containerinstance/armcontainerinstance/v2",
  "python",
  "azure-devops",
  "azure-identity",
  "azure-mgmt-containerinstance",
];

const versions = new Map<string, string>();
/** By language and method: how often it was called, and what it was refused with. */
const calls = new Map<string, { times: number; readonly refusals: Set<string> }>();

export function versionsOf(language: string, installed: Readonly<Record<string, string>>): void {
  const named = tested.filter((name) => name in installed).map((name) => `${name} ${installed[name]}`);
  versions.set(language, named.join(", "));
}

/** @param refusal the code or the type of the client's error */
export function called(language: string, method: string, refusal?: string): void {
  const name = `${language} ${method}`;
  const call = calls.get(name) ?? { times: 0, refusals: new Set<string>() };
  call.times += 1;
  if (refusal !== undefined) call.refusals.add(refusal);
  calls.set(name, call);
}

function list(): string {
  const lines = [...versions].flatMap(([language, installed]) => [
    installed,
    ...[...calls]
      .filter(([name]) => name.startsWith(`${language} `))
      .map(([name, { times, refusals }]) => {
        const refused = refusals.size > 0 ? `, refused with ${[...refusals].join(", ")}` : "";
        return `  ${name.slice(language.length + 1)} ${times}×${refused}`;
      }),
  ]);
  return lines.join("\n");
}

after(() => {
  if (versions.size > 0) console.log(`\nCalls of the foreign clients:\n${list()}`);
});
