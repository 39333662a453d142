// The task and the start script have the same lists of names, each its own copy.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  registrationVariables,
  scriptVariables,
  selfDestructVariables,
  setByScript,
  takenByScript,
} from "../../EphemeralAgentTask/src/plan/script-variables.ts";
import { looksSecret, openNames, secretNames } from "../../EphemeralAgentTask/src/plan/secret-names.ts";

const read = (name: string): string => readFileSync(new URL(`../../agent-image/${name}`, import.meta.url), "utf8");
const script = read("entrypoint.sh") + read("standalone.sh");
const windows = read("windows/entrypoint.ps1");

/** The patterns of each branch of each `case` over a variable's name. */
const branches = [...script.matchAll(/^ +([A-Z*][^()\n]*(?:\\\n[^()\n]*)*)\)/gm)].map(([, text = ""]) =>
  text
    .split(/[|\\\s]+/)
    .filter((one) => one !== "")
    .toSorted(),
);

const has = (list: readonly string[]) =>
  branches.some((branch) => list.every((one) => branch.includes(one)) && branch.length === list.length);

describe("Names of variables", () => {
  it("that tell of a secret are the same in the start script", () => {
    assert.ok(has(secretNames), "agent-image/entrypoint.sh and secret-names.ts differ");
    assert.ok(has(openNames), "agent-image/entrypoint.sh and secret-names.ts differ");
  });

  it("are the same in the start script of the Windows image", () => {
    for (const [list, variable] of [
      [secretNames, "secret"],
      [openNames, "open"],
    ] as const) {
      const [, text = ""] = new RegExp(`\\$${variable} = @\\(([^)]*)\\)`).exec(windows) ?? [];
      assert.deepEqual(
        [...text.matchAll(/'([^']+)'/g)].map(([, name]) => name),
        list,
      );
    }
  });

  it("stand beside the same expression for values in both scripts", () => {
    const parts = (text: string) =>
      [...text.matchAll(/secret_?value \+?= ?'([^']+)'|secret_value\+?='([^']+)'/gi)].map(
        ([, one, other]) => one ?? other,
      );
    assert.equal(parts(script).length, 4);
    assert.deepEqual(parts(windows), parts(script));
  });

  it("that the start script keeps from the job are the same there", () => {
    for (const list of [scriptVariables, registrationVariables, selfDestructVariables]) assert.ok(has(list), list[0]);
    for (const name of setByScript) assert.match(script, new RegExp(`"${name}=`));
  });

  for (const name of [
    "DB_PASS",
    "PASSPHRASE",
    "db_password",
    "DATABASE_URL",
    "SIGNING_PEM",
    "NUGET_TOKEN",
    "SSH_KEY",
    "AWS_ACCESS_KEY_ID",
    "AZURE_STORAGE_CONNECTION_STRING",
    "SQL_CONNSTR",
    "NPM_AUTH",
    "SENTRY_DSN",
    "MONGODB_URI",
    "PGPASS",
    "MYSQL_PWD",
    "AWS_CREDS",
    "DOCKER_CREDS",
    "API_KEYS",
    "APIKEYS",
    "SSH_KEY1",
    "DB_PW",
    "DBPWD",
    "DB_USERPWD",
    "PGPASSFILE",
    "SLACK_WEBHOOK_URL",
    "SESSION_COOKIE",
    "AUTHORIZATION",
    "AUTH",
    "PAT",
    "SAS",
    "JWT",
    "PEM",
    "DSN",
    "CLIENT_PFX_BASE64",
    "STORAGE_CONNECTION",
    "AZURE_SAS_URL",
    "JDBC_URL",
    "SSH_PRIVATE",
  ])
    it(`such as ${name} tell of a secret`, () => assert.ok(looksSecret(name)));

  for (const name of [
    "PATH",
    "HOME",
    "PWD",
    "OLDPWD",
    "GIT_BYPASS",
    "TF_IN_AUTOMATION",
    "AUTHOR",
    "KEYBOARD",
    "MONKEYS",
    "AUTHORITY_HOST",
    "COMPAT",
    "SPATIAL",
    "PATTERN",
    "CONNECTION_LIMIT",
    "COOKIE_DOMAIN",
    "WEBHOOK_PORT",
    "KEYCLOAK_URL",
    "CPATH",
    "APP_URL",
  ])
    it(`such as ${name} tell of none`, () => assert.ok(!looksSecret(name)));

  for (const name of ["EPHEMERAL_STATE", "vsts_agent_input_pool", "WORKER_DIAGLOGPATH"])
    it(`such as ${name} never reach the job`, () => assert.ok(takenByScript(name)));

  for (const name of ["AZURE_CLIENT_ID", "AGENT_USER", "AZ_SUBSCRIPTION_ID", "az_cloud", "HOME", "AZP"])
    it(`such as ${name} do`, () => assert.ok(!takenByScript(name)));
});
