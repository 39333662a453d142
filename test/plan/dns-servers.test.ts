import assert from "node:assert/strict";
import { serversTold, usableServers } from "../../EphemeralAgentTask/src/plan/dns-servers.ts";

describe("The DNS servers of a virtual network", () => {
  const servers = ["10.0.0.4", "fd00::4", "10.0.0.5", "10.0.0.6", "10.0.0.7"];

  it("are the first three with IPv4 addresses for a container", () => {
    assert.deepEqual(usableServers(servers).used, ["10.0.0.4", "10.0.0.5", "10.0.0.6"]);
    assert.deepEqual(usableServers(["fd00::4"]).used, []);
  });

  it("are told with those that are left out", () => {
    assert.match(serversTold(servers), /^10\.0\.0\.4, 10\.0\.0\.5, 10\.0\.0\.6 \(not fd00::4, 10\.0\.0\.7: /);
    assert.equal(serversTold(["10.0.0.4"]), "10.0.0.4");
    assert.match(serversTold(["fd00::4"]), /^Azure's own \(not fd00::4/);
  });
});
