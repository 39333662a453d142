import assert from "node:assert/strict";
import type { PoolRole } from "../../../../simulator/devops/identity/identities.ts";
import { openStand, type Stand } from "../fixture/organization-fixture.ts";

describe("The permissions of a pool", () => {
  let stand: Stand;

  before(async () => {
    stand = await openStand();
  });
  after(() => stand.close());

  const asked = { view: 1, manage: 2, listen: 4, use: 16, viewAndManage: 3 };
  const roles: Readonly<Record<PoolRole, readonly (keyof typeof asked)[]>> = {
    Administrator: ["view", "manage", "listen", "use", "viewAndManage"],
    User: ["view", "use"],
    Reader: ["view"],
    ServiceAccount: ["view", "listen"],
  };

  for (const [role, has] of Object.entries(roles)) {
    it(`are told to the unmodified client: ${role} has ${has.join(", ")}`, async () => {
      const { token } = stand.organization.issuePersonalAccessToken(role as PoolRole);
      const tasks = await stand.tasks(token);
      const told = await Promise.all(
        Object.entries(asked).map(async ([name, bits]) => ((await tasks.hasPoolPermissions(1, bits)) ? name : "")),
      );
      assert.deepEqual(told.filter(Boolean), has);
    });
  }

  it("are false and not nothing where they are missing", async () => {
    const { token } = stand.organization.issuePersonalAccessToken("Reader");
    assert.equal(await (await stand.tasks(token)).hasPoolPermissions(1, 2), false);
  });

  it("are kept from whoever may not even see the pool", async () => {
    const { token } = stand.organization.issuePersonalAccessToken(null);
    const answer = await stand.call("GET", "_apis/distributedtask/pools/1/permissions/2", { token });
    assert.equal(answer.status, 403);
  });

  it("are refused for bits that there are none of, and for a pool that there is none of", async () => {
    for (const bits of ["0", "64", "all"]) {
      assert.equal((await stand.call("GET", `_apis/distributedtask/pools/1/permissions/${bits}`)).status, 400, bits);
    }
    assert.equal((await stand.call("GET", "_apis/distributedtask/pools/99/permissions/2")).status, 404);
  });
});

describe("A job's token", () => {
  let stand: Stand;

  beforeEach(async () => {
    stand = await openStand();
  });
  afterEach(() => stand.close());

  const identity = async () => {
    const { organization } = stand;
    const run = organization.createRun({ project: "Shop", definition: { id: 1, name: "deploy" }, kind: "Build" });
    const { token } = organization.issueJobToken({ run });
    const { json } = await stand.call("GET", "_apis/connectionData", { token });
    const { authenticatedUser } = json as { authenticatedUser: Record<string, string> };
    return authenticatedUser;
  };

  it("stands for the build service of its project", async () => {
    const user = await identity();
    const [project] = stand.organization.projects;
    assert.equal(user.customDisplayName, "Shop Build Service (contoso)");
    assert.equal(user.providerDisplayName, project?.id);
    assert.equal(
      user.descriptor,
      `Microsoft.TeamFoundation.ServiceIdentity;${stand.organization.id}:Build:${project?.id}`,
    );
  });

  it("stands for the collection's build service where its scope is not limited to the project", async () => {
    stand.organization.setJobAuthorizationScope("collection");
    const user = await identity();
    assert.equal(user.customDisplayName, "Project Collection Build Service (contoso)");
    assert.match(user.descriptor ?? "", new RegExp(`:Build:${stand.organization.id}$`));
  });
});

describe("Automatic updates of a pool", () => {
  it("are shown to be on until somebody switches them off", async () => {
    const stand = await openStand();
    try {
      const tasks = await stand.tasks();
      assert.equal((await tasks.getAgentPools())[0]?.autoUpdate, true);
      stand.organization.setAutoUpdate(stand.poolName, false);
      assert.equal((await tasks.getAgentPools())[0]?.autoUpdate, false);
    } finally {
      await stand.close();
    }
  });
});
