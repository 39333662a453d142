import assert from "node:assert/strict";
import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import { settings } from "../in-memory/valid-settings.ts";
import { codeOf, Scenario } from "./in-memory-step.ts";

describe("run", () => {
  describe("tells within seconds", () => {
    const faults = {
      crashes: ["EA601", /exit code 1/],
      "cannot be placed": ["EA203", /InsufficientCapacity/],
      "image cannot be pulled": ["EA401", /manifest unknown/],
    } as const;
    for (const [fate, [code, cause]] of Object.entries(faults)) {
      it(`that a container ${fate}`, async () => {
        const s = new Scenario();
        s.world.placeholder();
        s.timeline({ deploy: "inProgress" });
        s.world.queue({ runId: "101" });
        s.world.behaviour.fate = fate as keyof typeof faults;
        const step = s.step("run");
        const began = s.clock.now();
        assert.equal(codeOf(await s.finish(step)), "failed");
        assert.match(step.task.errors.join("\n"), new RegExp(code));
        assert.match(step.task.errors.join("\n"), cause);
        assert.ok(s.clock.now() - began < s.world.behaviour.bootMs + 15_000, "the failure must be told soon");
        assert.deepEqual(s.left, []);
      });
    }

    it("that the container died under its running job, with exit code, reason and log", async () => {
      const s = new Scenario();
      s.world.placeholder();
      s.timeline({ deploy: "inProgress" });
      s.world.queue({ runId: "101", lastsMs: 100_000 });
      s.world.behaviour.fate = "dies under the job";
      const step = s.step("run");
      await s.clock.pass(20_000 + 50_000 + 15_000);
      assert.match(step.task.errors.join("\n"), /EA606 .*job 'deploy' of run 101; exit code 137 \(OOMKilled\)/s);
      assert.match(step.task.log, /starting the agent/);
      assert.equal(codeOf(await s.finish(step)), "failed");
      assert.deepEqual(s.left, [], "the record must go once the service gives the job up");
    });
  });

  it("tells that the agent never came online, after the time given", async () => {
    const s = new Scenario();
    s.world.placeholder();
    s.timeline({ deploy: "inProgress" });
    s.world.queue({ runId: "101" });
    s.world.behaviour.fate = "never comes online";
    const step = s.step("run", { onlineMs: 120_000 });
    assert.equal(codeOf(await s.finish(step)), "failed");
    assert.match(step.task.errors.join("\n"), /EA602 .*after 120 s/s);
    assert.deepEqual(s.left, []);
  });

  it("fails with a short job that fails, and does not say that it still waits", async () => {
    const s = new Scenario();
    s.world.placeholder();
    s.timeline({ deploy: "inProgress" });
    s.world.behaviour.bootMs = 9_000;
    s.world.queue({ runId: "101", lastsMs: 1_000, ends: "failed" });
    const step = s.step("run");
    assert.equal(codeOf(await s.finish(step)), "EA701");
    assert.deepEqual([...step.task.warnings], []);
    assert.deepEqual(s.left, []);
  });

  describe("names the job that waits in vain, and what to press", () => {
    const waits =
      /^EA805 .*\n {2}Cause: job 'deploy' of run 101: \S+\/_build\/results\?buildId=101\n {2}Next step: Open the page in the message and press Cancel/;
    const queued = (): Scenario => {
      const s = new Scenario();
      s.world.placeholder();
      s.timeline({ deploy: "inProgress" });
      s.world.queue({ runId: "101" });
      return s;
    };

    it("when its container failed", async () => {
      const s = queued();
      s.world.behaviour.fate = "never comes online";
      const step = s.step("run", { onlineMs: 120_000 });
      await s.finish(step);
      assert.match(step.task.warnings.join("\n"), waits);
    });

    it("and of a release names the release's page", async () => {
      const s = new Scenario();
      s.world.placeholder();
      s.world.queue({ runId: "9", planType: "Release" });
      s.world.behaviour.fate = "never comes online";
      const release = { ...settings().run, hostType: "release", runId: "9" } as const;
      const step = s.step("run", { onlineMs: 120_000, run: release });
      await s.finish(step);
      assert.match(
        step.task.warnings.join("\n"),
        /^EA805 .*\n {2}Cause: job 'deploy' of run 9: \S+\/_release\?releaseId=9&_a=release-summary\n/,
      );
    });

    it("when Azure makes no container", async () => {
      const s = queued();
      s.world.host.create = async () => {
        throw new ServiceFault("Azure", "SubnetMissingRequiredDelegation", "Subnet missing", { status: 400 });
      };
      const step = s.step("run");
      assert.equal(codeOf(await s.finish(step)), "failed");
      assert.match(step.task.errors.join("\n"), /^EA301 /);
      assert.match(step.task.warnings.join("\n"), waits);
      assert.deepEqual(s.left, []);
    });

    it("when not even the place for a container can be read", async () => {
      const s = queued();
      s.world.host.network = async () => {
        throw new ServiceFault("Azure", "ResourceGroupNotFound", "not there", { status: 404 });
      };
      const step = s.step("run");
      assert.equal(codeOf(await s.finish(step)), "EA207");
      assert.match(step.task.warnings.join("\n"), waits);
    });

    it("but not when nobody waits", async () => {
      const s = new Scenario();
      s.world.placeholder();
      s.timeline({ deploy: "skipped" });
      const step = s.step("run");
      await s.finish(step);
      assert.deepEqual(step.task.warnings, []);
    });
  });
});
