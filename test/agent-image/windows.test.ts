// The Windows start script cannot be run where these tests are. They hold it to the list of scenarios that the Linux one
// passes, and to the values that both must share; test/containers reads it with a grammar of PowerShell.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const windows = read("../../agent-image/windows/entrypoint.ps1");
const linux = read("../../agent-image/entrypoint.sh") + read("../../agent-image/standalone.sh");
const { scenarios }: { scenarios: readonly { readonly id: string; readonly linux?: string }[] } = JSON.parse(
  read("standalone/standalone-scenarios.json"),
);

describe("the start script of the Windows image", () => {
  it("names where it keeps each promise of the shared list that is for Windows", () => {
    const named = [...windows.matchAll(/^# Scenario: ([a-z-]+)$/gm)].map(([, id]) => id);
    assert.deepEqual(
      named.sort(),
      scenarios
        .filter((each) => each.linux === undefined)
        .map(({ id }) => id)
        .sort(),
    );
  });

  it("takes the same variables", () => {
    const variables = (text: string): string[] => [
      ...new Set(text.match(/\b(?:AZP_(?:URL|POOL|AGENT_NAME|WORK|TOKEN|TOKEN_FILE)|AZ_(?!\()\w*[A-Z])\b/g)),
    ];
    const own = (text: string): string[] =>
      variables(text)
        .filter((name) => !name.endsWith("_"))
        .sort();
    assert.deepEqual(own(windows), own(linux));
  });

  it("waits as long for everything", () => {
    const ofLinux = Object.fromEntries(
      [...linux.matchAll(/\[([A-Z]+_[A-Z_]*SECONDS|[A-Z]+_SECONDS)\]=(\d+)/g)].map((each) => each.slice(1)),
    );
    const ofWindows = [...windows.matchAll(/Get-Seconds '(\w+)' (\d+)/g)].map(
      ([, name = "", value]) => [name, value] as const,
    );
    assert.ok(ofWindows.length >= 6);
    for (const [name, value] of ofWindows) assert.equal(value, ofLinux[name], name);
  });

  it("asks the services the same things", () => {
    for (const said of [
      /--unattended --acceptTeeEula --auth pat/,
      /\/_apis\/distributedtask\/pools\//,
      /api-version=5\.1/,
      /TaskAgentJobStillRunning/,
      /metadata\/identity\/oauth2\/token/,
      /providers\/Microsoft\.ContainerInstance\/containerGroups\//,
      /api-version=2023-05-01/,
      /https:\/\/management\.usgovcloudapi\.net/,
      /https:\/\/management\.chinacloudapi\.cn/,
      /https:\/\/management\.azure\.com/,
      /run'?, ?'?--once|run --once/,
    ]) {
      assert.match(linux, said);
      assert.match(windows, said);
    }
  });

  it("names an identity's resource as each of the two endpoints calls it", () => {
    assert.match(windows, /if \(\$own\) \{ 'mi_res_id' \} else \{ 'msi_res_id' \}/);
    assert.match(linux, /"msi_res_id=\$AZ_MANAGED_IDENTITY"/);
  });

  it("replaces nobody, and gives the token as no argument", () => {
    for (const script of [linux, windows]) {
      assert.doesNotMatch(script, /--replace/);
      assert.doesNotMatch(script, /--token/);
    }
  });
});
