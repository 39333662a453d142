import assert from "node:assert/strict";
import { RunDisplay } from "../../../scripts/demo/event-output.ts";
import { type Terminal, terminal } from "../../../scripts/demo/terminal.ts";

/** A terminal that keeps what it is told; colors show as the stream and environment ask for. */
function written(part: { isTTY?: boolean; environment?: NodeJS.ProcessEnv } = {}): {
  screen: Terminal;
  lines: string[];
} {
  const lines: string[] = [];
  const stream = { isTTY: part.isTTY ?? false, write: (text: string) => lines.push(text.trimEnd()) > 0 };
  return { screen: terminal(stream as unknown as NodeJS.WriteStream, part.environment ?? {}), lines };
}

const withoutTime = (line: string): string => line.replace(/^ *\d+\.\ds {2}/, "");

describe("The demo's display of a run", () => {
  it("groups lines by job and step, says whose each is, and leaves out steps that say nothing", () => {
    const { screen, lines } = written();
    const display = new RunDisplay(screen, ["deploy", "run"], new Map([["deploy", "Deploy the shop"]]));
    const shown = [
      "##[section]Starting: x",
      "plain",
      "##[group]Log of the container",
      "inside",
      "##[endgroup]",
      "##[error]bad",
      "##[section]Finishing: x",
      "##[section]Starting: Post-job: x",
      "##[section]Finishing: Post-job: x",
    ];
    for (const line of shown) display.event({ kind: "line", job: "run", line });
    display.event({ kind: "job", job: "deploy", state: "running", agentName: "eph-1" });
    assert.deepEqual(lines.map(withoutTime), [
      "run     x",
      "run     plain",
      "run     ▸ Log of the container",
      "run       inside",
      "run     error: bad",
      "",
      "deploy  Deploy the shop: running on eph-1",
    ]);
  });

  it("keeps rows of a table in their columns, whose first word is what they are", () => {
    const { screen, lines } = written();
    const display = new RunDisplay(screen, ["run"]);
    for (const line of ["##[warning]warning      image", "##[error]wrong        pool", "##[warning]warning: more"])
      display.event({ kind: "line", job: "run", line });
    assert.deepEqual(lines.map(withoutTime), [
      "run  warning      image",
      "run  wrong        pool",
      "run  warning: warning: more",
    ]);
  });

  it("ends with one row a job and its first error", () => {
    const { screen, lines } = written();
    const job = { log: [], outputs: {}, agentName: "eph-1" };
    new RunDisplay(screen, ["a"]).results({
      result: "failed",
      jobs: {
        deploy: { ...job, result: "failed", issues: [{ type: "error", message: "broken\nin detail" }] },
        create: { ...job, result: "succeeded", issues: [], agentName: undefined },
      },
    });
    assert.deepEqual(lines.slice(0, 5), [
      "",
      "job     result     agent",
      "deploy  failed     eph-1  broken",
      "create  succeeded  –",
      "",
    ]);
    assert.match(lines[5] ?? "", /^run failed after \d+\.\d s$/);
  });

  it("is coloured for a person only, and not for one who asked for none", () => {
    const colours = (part: Parameters<typeof written>[0]): boolean => {
      const { screen, lines } = written(part);
      new RunDisplay(screen, ["a"]).say("a", "text");
      return lines.join().includes("\x1b[");
    };
    assert.equal(colours({ isTTY: true }), true);
    assert.equal(colours({ isTTY: false }), false);
    assert.equal(colours({ isTTY: true, environment: { NO_COLOR: "1" } }), false);
  });
});
