import assert from "node:assert/strict";
import { shippedRoles } from "../../../../simulator/arm/authorization/shipped-roles.ts";
import type { Principal } from "../../../../simulator/azure-services.ts";
import { errorOf, plainGroup, type Stand, startStand } from "../azure-fixture.ts";

describe("the address of an operation", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand();
  });
  after(() => stand.stop());

  /** Of a group that the deployer asked for. */
  async function operationOf(name: string): Promise<URL> {
    const { headers } = await stand.put(name, plainGroup(stand));
    return new URL(String(headers["azure-asyncoperation"]));
  }
  const read = ({ pathname, search }: URL, principal?: Principal) => stand.call(pathname + search, {}, principal);

  it("is good as it was given out, and refused with another signature, time or version", async () => {
    const given = await operationOf("signed");
    for (const [parameter, value] of [
      ["s", `${given.searchParams.get("s")}A`],
      ["t", `${given.searchParams.get("t")}0`],
      ["api-version", "2023-05-01"],
    ] as const) {
      const changed = new URL(given);
      changed.searchParams.set(parameter, value);
      const refused = await read(changed);
      assert.deepEqual([refused.status, errorOf(refused).code], [403, "InvalidOperationSignature"], parameter);
    }
    const unsigned = new URL(given);
    unsigned.searchParams.delete("s");
    assert.equal((await read(unsigned)).status, 403);
    assert.equal((await read(given)).status, 200);
  });

  it("is no other operation's", async () => {
    const [one, other] = [await operationOf("one"), await operationOf("other")];
    const mixed = new URL(other.pathname + one.search, one);
    assert.equal(errorOf(await read(mixed)).code, "InvalidOperationSignature");
  });

  it("takes no right: who has only the role for container groups follows it", async () => {
    const limited = stand.entra.directory.addServicePrincipal("limited");
    const { containerGroups: role } = shippedRoles(stand.arm.subscriptionId);
    assert.doesNotMatch(JSON.stringify(role.Actions), /operations|locations|\*/);
    stand.arm.access.assign({ principalId: limited.objectId, role, scope: stand.groupPath });
    assert.equal((await read(await operationOf("followed"), limited)).status, 200);
  });
});
