import assert from "node:assert/strict";
import { bad, good } from "./parsed.ts";

describe("Fallbacks", () => {
  const names = {
    vnetResourceGroupName: "rg-net",
    vnetName: "vnet",
    subnetName: "a",
    CPU: "4",
    location: "westeurope",
  };
  const placed = (fallbacks: string) => good({ inputs: { ...names, fallbacks } }).placements;

  it("change what their line names and keep the rest", () => {
    const [first, second, third] = placed("CPU=2 memory=4\nsubnetName=b, vnetName=vnet-b");
    assert.deepEqual([first.cpu, first.location], [4, "westeurope"]);
    assert.deepEqual(second, { ...first, cpu: 2, memoryInGB: 4 });
    assert.match(third?.subnetId ?? "", /rg-net.*vnet-b\/subnets\/b$/);
    assert.equal(third?.location, undefined, "another network may be in another region");
  });

  it("are checked as the inputs are", () => {
    assert.match(
      bad({ inputs: { ...names, fallbacks: "CPU=99" } }),
      /fallbacks: found 'CPU=99'; CPU: allowed: a number/,
    );
    assert.match(
      bad({ inputs: { ...names, fallbacks: "cores=2" } }),
      /fallbacks: found 'cores=2'; allowed in a line: subnetId=/,
    );
  });
});
