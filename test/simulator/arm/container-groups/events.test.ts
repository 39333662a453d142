import assert from "node:assert/strict";
import { eventDisplays } from "../../../../simulator/containers/event-visibility.ts";
import { apiVersion, plainGroup, type Stand, startStand } from "../azure-fixture.ts";

interface Shown {
  readonly properties: {
    readonly provisioningState: string;
    readonly instanceView: { readonly state: string; readonly events: readonly object[] };
    readonly containers: readonly { readonly properties: { readonly instanceView?: { readonly events?: object[] } } }[];
  };
}

describe("what a container group shows of what happens to it", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand({ timings: { pullRetryMs: 20 } });
  });
  after(() => stand.stop());

  /** Every state that a client can see, from the PUT to the group's end. */
  async function seen(name: string): Promise<{ group: Shown["properties"]; operation: Record<string, unknown> }[]> {
    const { headers } = await stand.put(name, plainGroup(stand));
    const operation = new URL(String(headers["azure-asyncoperation"]));
    const looks: { group: Shown["properties"]; operation: Record<string, unknown> }[] = [];
    do {
      const polled = await stand.call(operation.pathname + operation.search);
      const read = await stand.call(`${stand.groupsPath}/${name}?${apiVersion}`);
      const { properties } = read.json() as Shown;
      looks.push({ group: properties, operation: polled.json() as Record<string, unknown> });
    } while (!/Succeeded|Failed/.test(looks.at(-1)?.group.provisioningState ?? ""));
    return looks;
  }
  const eventsIn = (look: object): number => JSON.stringify(look).split('"firstTimestamp"').length - 1;

  it("is nothing before it has come up: no event, no container, and the state Pending", async () => {
    const looks = await seen("late");
    const underWay = looks.filter(({ group }) => /Pending|Creating/.test(group.provisioningState));
    assert.ok(underWay.length > 0);
    for (const look of underWay) {
      assert.equal(eventsIn(look.group), 0);
      assert.equal(look.group.instanceView.state, "Pending");
      assert.equal(look.group.containers[0]?.properties.instanceView, undefined);
    }
    const read = await stand.call(`${stand.groupsPath}/late?${apiVersion}`);
    assert.equal(eventsIn(read.json() as object), 3);
  });

  it("is nothing of a pull that fails until Azure gives up", async () => {
    stand.arm.inject("pull-fails", { times: 1 });
    const looks = await seen("unpullable");
    const underWay = looks.filter(({ operation }) => /Pending|Creating/.test(String(operation.status)));
    assert.ok(underWay.length > 0);
    assert.deepEqual(
      underWay.map(({ operation }) => eventsIn(operation)),
      underWay.map(() => 0),
    );
    assert.match(JSON.stringify(looks.at(-1)?.group), /Failed to pull image/);
  });

  it("is drawn: the same seed hides the events of the same groups, about one in five of those that come up", () => {
    const draw = eventDisplays("recorded", 7);
    const drawn = Array.from({ length: 1000 }, () => draw(true));
    const again = eventDisplays("recorded", 7);
    assert.deepEqual(
      Array.from({ length: 1000 }, () => again(true)),
      drawn,
    );
    const never = drawn.filter((each) => each === "never").length;
    assert.ok(never > 150 && never < 260, `${never} of 1000`);
    assert.ok(Array.from({ length: 100 }, () => draw(false)).every((each) => each === "late"));
  });
});

describe("a container group whose events are never shown", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand({ events: "never" });
  });
  after(() => stand.stop());

  it("has none in its container's view, which lacks the member, nor in the operation", async () => {
    const { headers } = await stand.put("silent", plainGroup(stand));
    await stand.arm.containerGroup("silent").when(({ state }) => state === "Running");
    const read = (await stand.call(`${stand.groupsPath}/silent?${apiVersion}`)).json() as Shown;
    assert.deepEqual(Object.keys(read.properties.containers[0]?.properties.instanceView ?? {}), [
      "restartCount",
      "currentState",
    ]);
    const { pathname, search } = new URL(String(headers["azure-asyncoperation"]));
    const operation = (await stand.call(pathname + search)).json() as Record<string, unknown>;
    assert.deepEqual([operation.status, operation.properties], ["Succeeded", { events: [] }]);
  });
});

describe("a container group that shows everything early, as it was before 2019", () => {
  it("lists its events while it is being created", async () => {
    const stand = await startStand({ events: "early" });
    stand.arm.inject("never-starts", { times: 1 });
    await stand.put("talkative", plainGroup(stand));
    const group = stand.arm.containerGroup("talkative");
    await group.when(({ deployment }) => deployment.containerEvents.some(({ name }) => name === "Pulled"));
    assert.equal(group.deployment.provisioningState, "Creating");
    await stand.stop();
  });
});
