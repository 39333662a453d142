import assert from "node:assert/strict";
import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import { forbidden, placement, principal, Setup, withSubnet } from "../checks/healthy-setup.ts";

const id = "/subscriptions/s/resourceGroups/rg-x/providers/Microsoft.Network";
const perfect = async () => new Setup().check();

describe("A check of a set-up that nothing is wrong with", () => {
  it("prints only ok, and succeeds", async () => {
    const report = await perfect();
    assert.deepEqual(report.flaws, [], report.text);
    assert.deepEqual(
      report.lines.filter((line) => !line.startsWith("ok ")),
      [],
    );
    assert.equal(report.code, "succeeded");
  });

  it("has a line for each subject", async () => {
    const subjects = (await perfect()).of("ok").map((line) => line.split(/ {2,}/)[0]);
    assert.deepEqual(subjects, [
      "Azure sign-in",
      "provider Microsoft.ContainerInstance",
      "resource group rg-agents",
      "locks on rg-agents",
      "role actions on rg-agents",
      "subnet agents",
      "delegation of agents",
      "region of agents",
      "addresses of agents",
      "outbound access of agents",
      "DNS in agents",
      "role actions on vnet",
      "role actions on agents",
      "policies on rg-agents",
      "quota in westeurope",
      "image",
      "Azure DevOps identity",
      "pool agents",
      "rights in pool agents",
      "automatic update in pool agents",
      "maintenance of pool agents",
      "agent package",
      "placeholder",
    ]);
  });

  it("changes nothing, although it may add a placeholder", async () => {
    const setup = new Setup();
    setup.inputs = { addPlaceholder: true };
    assert.equal((await setup.check()).code, "succeeded");
    assert.deepEqual(
      [...setup.world.records.values()].map(({ name }) => name),
      ["placeholder"],
    );
  });
});

describe("A check", () => {
  it("says that it did not look at maintenance that Azure DevOps does not show", async () => {
    const setup = new Setup();
    setup.devops.maintenance = async () => undefined;
    const report = await setup.check();
    assert.equal(report.code, "succeeded");
    assert.match(
      report.of("not checked").join("\n"),
      /^maintenance of pool agents +Azure DevOps does not show it to this token/,
    );
  });

  it("does not look at what needs a sign-in that failed, and says so in one line", async () => {
    const setup = new Setup();
    setup.azure.signIn = async () => {
      throw new ServiceFault("Microsoft Entra ID", "AADSTS7000215", "Invalid client secret.", { status: 401 });
    };
    const report = await setup.check();
    assert.deepEqual(
      report.of("not checked").map((line) => line.split(/ {2,}/)[0]),
      ["Azure"],
    );
    assert.ok(
      report.of("ok").some((line) => line.startsWith("pool agents")),
      "the rest is looked at",
    );
  });

  it("tells every wrong thing at once", async () => {
    const setup = new Setup();
    setup.azure.providerState = async () => "NotRegistered";
    setup.network = withSubnet({ delegations: [], links: [] });
    setup.devops.mayManage = async () => false;
    const report = await setup.check();
    assert.equal(report.flaws.length, 3, report.text);
    assert.ok("thrown" in report.end);
    assert.match(report.end.thrown.reason, /provider .*; delegation .*; rights in pool/);
  });

  it("asks again when a service stumbles, and goes on when it stays down", async () => {
    const setup = new Setup();
    let asked = 0;
    setup.azure.usages = async () => {
      asked++;
      throw new ServiceFault("Azure", "InternalServerError", "busy", { status: 500, retryable: true });
    };
    const report = await setup.check();
    assert.equal(asked, 3);
    assert.deepEqual(report.flaws, ["warning quota in westeurope"]);
    assert.match(report.flaw("quota"), /could not be read/);
  });

  it("is green where it may not read what only it reads, and tells the command that lets it", async () => {
    const setup = new Setup();
    setup.azure.providerState = async () => {
      throw forbidden("Microsoft.Resources/subscriptions/providers/read");
    };
    setup.azure.usages = async () => {
      throw forbidden("Microsoft.ContainerInstance/locations/usages/read");
    };
    setup.roles = { "": forbidden("Microsoft.Authorization/permissions/read") };
    const report = await setup.check();
    assert.deepEqual(report.flaws, [], report.text);
    assert.equal(report.code, "succeeded");
    assert.deepEqual(
      report.of("not checked").map((line) => line.split(/ {2,}/)[0]),
      [
        "provider Microsoft.ContainerInstance",
        "role actions on rg-agents",
        "role actions on vnet",
        "role actions on agents",
        "quota in westeurope",
      ],
    );
    const hint = report.lines.at(-1) ?? "";
    assert.ok(hint.includes(`--assignee-object-id ${principal} `), hint);
    assert.match(hint, /--role Reader --scope \/subscriptions\/11111111/);
  });

  it("is green when Azure does not tell of policies, which a run does not ask for", async () => {
    const setup = new Setup();
    setup.azure.denials = async () => {
      throw new ServiceFault("Azure", "MissingSubscriptionRegistration", "not registered", { status: 409 });
    };
    const report = await setup.check();
    assert.equal(report.code, "succeeded");
    assert.match(report.of("not checked").join("\n"), /^policies on rg-agents .*MissingSubscriptionRegistration$/m);
  });

  it("colors each line by its level", async () => {
    const setup = new Setup();
    setup.azure.providerState = async () => "NotRegistered";
    setup.devops.pool = async () => ({ records: setup.world.pool, hosted: false, autoUpdate: true });
    setup.azure.usages = async () => {
      throw forbidden("Microsoft.ContainerInstance/locations/usages/read");
    };
    const { lines } = await setup.check();
    const colorOf = (start: string) => setup.task.colors.get(lines.find((line) => line.startsWith(start)) ?? "none");
    assert.equal(colorOf("ok "), "good");
    assert.equal(colorOf("warning "), "warning");
    assert.equal(colorOf("wrong "), "wrong");
    assert.equal(colorOf("not checked "), undefined);
  });

  it("only warns of a fallback that would fail", async () => {
    const setup = new Setup();
    const other = { subnetId: placement.subnetId.replace(/agents$/, "other"), cpu: 1, memoryInGB: 2 };
    setup.inputs = { placements: [placement, other] };
    assert.deepEqual((await setup.check()).flaws, ["warning subnet other"]);
  });

  it("tells the virtual network's DNS servers, which containers do not inherit", async () => {
    const setup = new Setup();
    setup.network = { ...setup.network, dnsServers: ["10.0.0.4"] };
    const [line] = (await setup.check()).of("ok").filter((one) => one.startsWith("DNS"));
    assert.match(line ?? "", /10\.0\.0\.4, the virtual network's own/);
  });

  it("tells of a network security group, which must let the agent out", async () => {
    const setup = new Setup();
    setup.network = withSubnet({ securityGroupId: `${id}/networkSecurityGroups/nsg-agents` });
    assert.ok((await setup.check()).of("ok").some((one) => /^security group of agents +nsg-agents/.test(one)));
  });

  for (const [scope, buildServiceOf] of [
    ["the project", "project-1"],
    ["the whole collection", "collection-1"],
  ] as const) {
    it(`tells that the job's token acts for ${scope}`, async () => {
      const setup = new Setup();
      setup.devops.caller = async () => ({ name: "Build Service", buildServiceOf });
      const [line] = (await setup.check()).of("ok").filter((one) => one.startsWith("Azure DevOps identity"));
      assert.ok(line?.endsWith(`Build Service: job authorization scope is ${scope}`), line);
    });
  }

  it("prints no line break of others", async () => {
    const setup = new Setup();
    setup.devops.caller = async () => ({ name: "one\ntwo" });
    assert.ok((await setup.check()).lines.every((line) => !line.includes("\n")));
  });
});
