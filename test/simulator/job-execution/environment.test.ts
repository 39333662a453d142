import assert from "node:assert/strict";
import type { Endpoint } from "../../../simulator/job-execution/job/job-message.ts";
import { bash, type JobParts, probe, run } from "./job-fixture.ts";

const connection: Endpoint = {
  id: "0A1B2C3D-0000-4000-8000-00000000000A",
  name: "azure",
  url: "https://localhost:7001",
  authorization: {
    scheme: "ServicePrincipal",
    parameters: { serviceprincipalid: "app-id", serviceprincipalkey: "key-of-the-principal", tenantid: "tenant" },
  },
  data: { subscriptionid: "sub", environment: "AzureStack" },
};
const other: Endpoint = { ...connection, id: "0a1b2c3d-0000-4000-8000-00000000000b", name: "other" };

/** The environment a task was started with: printed backwards, so that the masker leaves it alone. */
async function environmentOf(parts: JobParts, inputs: Record<string, string> = {}, env: Record<string, string> = {}) {
  const code = 'console.log("ENV" + [...JSON.stringify(process.env)].reverse().join(""))';
  const job = await run([probe(code, { inputs, env, refName: "create" })], parts);
  const line = job.log.split("\n").find((text) => text.startsWith("ENV"));
  assert.ok(line, `the task did not get to print its environment: ${job.log}`);
  return JSON.parse([...line.slice(3)].reverse().join("")) as Record<string, string>;
}

describe("The environment of a node task", () => {
  it("has every input under INPUT_: defaults, aliases by their own name, trimmed and expanded once", async () => {
    const env = await environmentOf(
      { variables: { who: "$(nobody) and $(me)", me: "I", "Build.BuildId": "42" } },
      { text: "  run $(Build.BuildId) of $(nobody)  ", useIt: "false" },
    );
    assert.equal(env.INPUT_WORDS, "run 42 of $(nobody)");
    assert.equal(env.INPUT_TEXT, undefined);
    assert.equal(env.INPUT_USEIT, "false");
    const byDefault = await environmentOf({});
    assert.equal(byDefault.INPUT_WORDS, "by default");
    assert.equal(byDefault.INPUT_USEIT, "True");
    assert.equal(byDefault.INPUT_CONNECTEDSERVICENAMEARM, "");
  });

  it("roots filePath inputs in the sources folder, even an empty one", async () => {
    const empty = await environmentOf({});
    assert.equal(empty.INPUT_FILE, empty.BUILD_SOURCESDIRECTORY);
    const relative = await environmentOf({}, { file: "a/b.txt" });
    assert.equal(relative.INPUT_FILE, `${relative.SYSTEM_DEFAULTWORKINGDIRECTORY}/a/b.txt`);
    assert.equal((await environmentOf({}, { file: "/etc/x/../hosts" })).INPUT_FILE, "/etc/hosts");
  });

  it("has the connection that an input names, and no other", async () => {
    const env = await environmentOf({ endpoints: [connection, other] }, { azureSubscription: connection.id });
    const id = connection.id.toLowerCase();
    assert.equal(env[`ENDPOINT_URL_${id}`], "https://localhost:7001/");
    assert.deepEqual(JSON.parse(env[`ENDPOINT_AUTH_${id}`] ?? ""), {
      parameters: connection.authorization.parameters,
      scheme: "ServicePrincipal",
    });
    assert.equal(env[`ENDPOINT_AUTH_SCHEME_${id}`], "ServicePrincipal");
    assert.equal(env[`ENDPOINT_AUTH_PARAMETER_${id}_SERVICEPRINCIPALKEY`], "key-of-the-principal");
    assert.deepEqual(JSON.parse(env[`ENDPOINT_DATA_${id}`] ?? ""), connection.data);
    assert.equal(env[`ENDPOINT_DATA_${id}_ENVIRONMENT`], "AzureStack");
    assert.deepEqual(
      Object.keys(env).filter((name) => name.includes(other.id)),
      [],
    );
  });

  it("has the job's own connection with its token, but no data of it", async () => {
    const env = await environmentOf({});
    assert.equal(env.ENDPOINT_URL_SYSTEMVSSCONNECTION, "https://localhost:4711/contoso/");
    assert.equal(env.ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN, "job-token-of-this-run");
    assert.equal(env.ENDPOINT_AUTH_SCHEME_SYSTEMVSSCONNECTION, "OAuth");
    assert.equal(env.ENDPOINT_DATA_SYSTEMVSSCONNECTION, undefined);
  });

  it("has public variables plainly, secret ones as SECRET_, and both lists of names", async () => {
    const env = await environmentOf({
      variables: { "My Var.Name-x": "open", "System.AccessToken": { value: "job-token-of-this-run", isSecret: true } },
    });
    assert.equal(env["MY_VAR_NAME-X"], "open");
    assert.equal(env.SECRET_SYSTEM_ACCESSTOKEN, "job-token-of-this-run");
    assert.equal(env.SYSTEM_ACCESSTOKEN, undefined);
    assert.ok((JSON.parse(env.VSTS_PUBLIC_VARIABLES ?? "") as string[]).includes("My Var.Name-x"));
    assert.deepEqual(JSON.parse(env.VSTS_SECRET_VARIABLES ?? ""), ["System.AccessToken"]);
    assert.equal(env["agent.jobstatus"], "Succeeded");
    assert.equal(env.AGENT_JOBSTATUS, "Succeeded");
  });

  it("has the step's env, expanded, and the agent's own variables", async () => {
    const env = await environmentOf({ variables: { a: "1" } }, {}, { MINE: " $(a) and $(b) " });
    assert.equal(env.MINE, "1 and $(b)");
    assert.equal(env.AGENT_NAME, "agent-1");
    assert.equal(env.AGENT_MACHINENAME, "machine");
    assert.equal(env.SYSTEM_TASKDISPLAYNAME, "create");
    assert.equal(env.TF_BUILD, "True");
  });

  it("has nothing of the host but PATH, HOME and what the machine adds", async () => {
    process.env.SOMETHING_OF_THE_HOST = "x";
    try {
      const env = await environmentOf({ options: { environment: { NODE_EXTRA_CA_CERTS: "/nowhere.pem" } } });
      assert.equal(env.SOMETHING_OF_THE_HOST, undefined);
      assert.equal(env.PATH, process.env.PATH);
      assert.equal(env.HOME, process.env.HOME);
      assert.equal(env.NODE_EXTRA_CA_CERTS, "/nowhere.pem");
    } finally {
      delete process.env.SOMETHING_OF_THE_HOST;
    }
  });

  it("starts in the sources folder, on the node it was given", async () => {
    const job = await run([probe("console.log(process.cwd()); console.log(process.execPath)")]);
    assert.match(job.log, /_work\/1\/s$/m);
    assert.ok(job.log.includes(process.execPath));
  });

  it("is refused to a task that has no handler for this machine", async () => {
    const job = await run([probe("", { task: { name: "WindowsOnly", version: "1" } })]);
    assert.equal(job.result, "failed");
    assert.match(job.issues.join(), /it has PowerShell3/);
  });
});

describe("A script step", () => {
  it("has public variables and its env, but no secret that env does not map", async () => {
    const parts = { variables: { open: "seen", hidden: { value: "not-for-scripts", isSecret: true } } };
    const script = 'echo "$OPEN,$HIDDEN,$SECRET_HIDDEN,$(open),$INPUT_SCRIPT,"; printf %s "$MAPPED" | wc -c';
    const job = await run([bash(script, { env: { MAPPED: "$(hidden)" } })], parts);
    assert.match(job.log, /^seen,,,seen,,\n15$/m);
  });

  it("does not stop at a failing line, since bash is given no -e", async () => {
    const job = await run([bash("false\necho went on")]);
    assert.match(job.log, /^went on$/m);
    assert.equal(job.result, "succeeded");
  });

  it("fails on output to stderr only when asked to", async () => {
    assert.equal((await run([bash("echo x >&2")])).result, "succeeded");
    const strict = bash("");
    const asked = await run([{ ...strict, inputs: { script: "echo x >&2", failOnStderr: "true" } }]);
    assert.equal(asked.result, "failed");
  });

  it("sees variables that earlier steps set", async () => {
    const job = await run([
      bash('echo "##vso[task.setvariable variable=Found.It]yes"'),
      bash('echo "$FOUND_IT $(found.it)"'),
    ]);
    assert.match(job.log, /^yes yes$/m);
  });
});
