import assert from "node:assert/strict";
import { TaskAgentPoolMaintenanceScheduleDays } from "azure-devops-node-api/interfaces/TaskAgentInterfaces.js";
import { openStand, type Stand } from "../fixture/organization-fixture.ts";

describe("The maintenance of a pool", () => {
  let stand: Stand;

  beforeEach(async () => {
    stand = await openStand();
  });
  afterEach(() => stand.close());

  it("is off at first, and has no definition then", async () => {
    assert.deepEqual(await (await stand.tasks()).getAgentPoolMaintenanceDefinitions(1), []);
  });

  it("is told to the unmodified client with its days, and is off again when somebody turns it off", async () => {
    const tasks = await stand.tasks();
    stand.organization.setMaintenance(stand.poolName, { days: "monday, sunday", startHours: 3 });
    const [definition] = await tasks.getAgentPoolMaintenanceDefinitions(1);
    assert.equal(definition?.enabled, true);
    const { Monday, Sunday } = TaskAgentPoolMaintenanceScheduleDays;
    assert.equal(definition?.scheduleSetting?.daysToBuild, Monday | Sunday);
    assert.equal(definition?.scheduleSetting?.startHours, 3);
    stand.organization.setMaintenance(stand.poolName, undefined);
    assert.deepEqual(await tasks.getAgentPoolMaintenanceDefinitions(1), []);
  });

  it("is kept from whoever may not even see the pool", async () => {
    const { token } = stand.organization.issuePersonalAccessToken(null);
    const path = "_apis/distributedtask/pools/1/maintenancedefinitions";
    assert.equal((await stand.call("GET", path, { token })).status, 403);
  });
});
