import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { ownValues } from "../../scripts/demo/prepare/sample-values.ts";
import { prepareStandbyPool } from "../../scripts/demo/prepare/standby-pool.ts";
import { usualInputs } from "../task/harness/in-simulator.ts";
import { pipelineIn } from "../task/scenario/pipeline-run.ts";
import { templateFiles } from "../templates/using.ts";
import { lab, logOf } from "./lab.ts";

const sample = fileURLToPath(new URL("../../samples/standby/azure-pipelines.yml", import.meta.url));

describe("a real container that waits in a standby pool", () => {
  const opened = lab();

  const run = (yaml: string) => {
    const { simulator } = opened();
    return pipelineIn(simulator, process.execPath, yaml, { files: templateFiles, variables: ownValues(simulator) });
  };

  /** The template with the image that has a user for the agent, and this script as the deployment. */
  function template(script: string): string {
    const { simulator } = opened();
    const { azureSubscription, agentPool, ...agent } = usualInputs(simulator);
    const named = { ...agent, imageName: simulator.ready.bakedImage, standbyPool: "agents" };
    const parameters = { azureSubscription, agentPool, agent: named, steps: [{ bash: script }] };
    const repository = {
      repository: "ephemeral-agents",
      type: "github",
      name: "contoso/ephemeral-agents",
      endpoint: "e",
    };
    return stringify({
      trigger: "none",
      resources: { repositories: [repository] },
      jobs: [{ template: "templates/deploy.yml@ephemeral-agents", parameters }],
    });
  }

  it("serves the sample's job, and another one waits in its place", async () => {
    const { simulator } = opened();
    const yaml = readFileSync(sample, "utf8");
    await prepareStandbyPool(simulator, yaml, () => undefined);
    const report = await run(yaml).done;
    assert.equal(report.result, "succeeded", logOf(report, "deploy_app_create"));
    assert.match(logOf(report, "deploy_app_create"), /claimed from standby pool 'agents'/);
    opened().assertNothingLeft();
    await simulator.standbyPool().ready(1);
  });

  it("lets its job, which runs as the user agent, read neither the pool's private key nor the package", async () => {
    const { simulator } = opened();
    const pool = simulator.standbyPool(simulator.ready.bakedImage);
    await pool.ready(1);
    const script = `
      id -un
      for file in /mnt/ephemeral-agent/start/standby.pem /mnt/configmap/agent/agent.sealed; do
        cat $file && echo read-$file
        ls $(dirname $file) && echo listed-$file
      done
      cat /proc/1/environ && echo read-the-environment
      cat /proc/1/root/mnt/configmap/agent/agent.sealed && echo read-by-proc
      grep -rIlE '^-----BEGIN (RSA )?PRIVATE KEY|^ephemeral-agent-package' /mnt /tmp /azp /home /run /var /etc 2>/dev/null |
        grep -v -e _work -e /etc/ssl && echo found-a-copy
      true`;
    const report = await run(template(script)).done;
    const log = logOf(report, "deploy_app");
    assert.equal(report.result, "succeeded", log);
    assert.match(logOf(report, "deploy_app_create"), /claimed from standby pool 'agents'/);
    assert.match(log, /^agent$/m);
    assert.doesNotMatch(log, /^(read|listed|found)-/m, log);
    opened().assertNothingLeft();
  });
});
