import assert from "node:assert/strict";
import { parseLoggingCommand } from "../../../simulator/job-execution/tasks/logging-command.ts";
import { bash, probe, run } from "./job-fixture.ts";

/** A task that prints exactly these lines. */
const printing = (...lines: string[]): string => lines.map((line) => `console.log(${JSON.stringify(line)})`).join("\n");

describe("A logging command", () => {
  it("is read anywhere in a line, with its escapes undone", () => {
    assert.deepEqual(
      parseLoggingCommand("[12:00] ##vso[task.setvariable variable=a%3Bb;isOutput=true]1%0A2%AZP253B%5D"),
      {
        area: "task",
        event: "setvariable",
        properties: { variable: "a;b", isoutput: "true" },
        data: "1\n2%3B]",
      },
    );
  });

  for (const line of ["##vso[task]x", "##vso[task.debug", "## vso[task.debug]", "##vso[a.b.c]x"])
    it(`is not found in ${line}`, () => assert.equal(parseLoggingCommand(line), undefined));

  it("is taken from stderr as well as from stdout, and not shown", async () => {
    const job = await run([
      probe('console.error("x ##vso[task.setvariable variable=v;isoutput=true]1")', { refName: "s" }),
    ]);
    assert.deepEqual(job.outputs, { "s.v": { value: "1", isSecret: false } });
    assert.doesNotMatch(job.log, /##vso/);
  });
});

describe("task.setvariable", () => {
  it("makes an output variable when asked to, or when task.json declares the name", async () => {
    const lines = printing(
      "##vso[task.setvariable variable=plain]1",
      "##vso[task.setvariable variable=asked;isoutput=true]2",
      "##vso[task.setvariable variable=declared]3",
    );
    const job = await run([probe(lines, { refName: "s" }), bash("echo '$(plain)|$(asked)|$(s.asked)|$(s.declared)'")]);
    assert.deepEqual(Object.keys(job.outputs), ["s.asked", "s.declared"]);
    assert.match(job.log, /^1\|\$\(asked\)\|2\|3$/m);
  });

  it("masks a secret from then on, and keeps it secret", async () => {
    const job = await run([
      probe(printing("##vso[task.setvariable variable=s;issecret=true]very-private", "it is very-private")),
      bash('echo "##vso[task.setvariable variable=s]other-value"'),
      bash('echo "in the environment: <$S>"; echo "now other-value"'),
    ]);
    assert.match(job.log, /^it is \*\*\*$/m);
    assert.match(job.log, /^in the environment: <>$/m);
    assert.match(job.log, /^now \*\*\*$/m);
  });

  it("refuses a secret of several lines and fails the step", async () => {
    const job = await run([probe(printing("##vso[task.setvariable variable=s;issecret=true]a%0Ab"))]);
    assert.equal(job.result, "failed");
    assert.ok(job.issues.includes("error: Secrets cannot contain multiple lines"));
  });

  it("sets only what the task's restrictions allow, with a warning for the rest", async () => {
    const set = (name: string): string => `##vso[task.setvariable variable=${name};isoutput=true]x`;
    const task = { name: "Restricted", version: "1" };
    const code = printing(
      set("agentName"),
      set("AGENTid"),
      set("exact"),
      set("exactly"),
      "##vso[task.uploadsummary]/x",
    );
    const job = await run([probe(code, { task, refName: "r" })]);
    assert.deepEqual(Object.keys(job.outputs), ["r.agentName", "r.AGENTid", "r.exact"]);
    assert.match(job.issues.join("\n"), /warning: Setting variable 'exactly' is not allowed/);
    assert.match(job.issues.join("\n"), /warning: ##vso\[task.uploadsummary\] is not allowed/);
    assert.equal(job.result, "succeeded");
  });
});

describe("Other commands of a task", () => {
  it("keep the worst result, and merge it with a bad exit code", async () => {
    const failed = await run([
      probe(printing("##vso[task.complete result=Failed]no", "##vso[task.complete result=Succeeded]yes")),
    ]);
    assert.equal(failed.result, "failed");
    const issues = await run([probe(printing("##vso[task.complete result=SucceededWithIssues]meh"))]);
    assert.equal(issues.result, "succeededWithIssues");
    const crashed = await run([probe(`${printing("##vso[task.complete result=Succeeded]yes")}\nprocess.exit(1)`)]);
    assert.equal(crashed.result, "failed");
    assert.match(crashed.issues.join(), /Exit code 1 returned from process/);
  });

  it("log issues with their code, and show at most ten of a kind", async () => {
    const many = Array.from({ length: 12 }, (_, n) => `##vso[task.logissue type=error;code=E${n}]problem ${n}`);
    const job = await run([probe(printing(...many, "##vso[task.issue type=warning]mind this"))]);
    assert.equal(job.issues.filter((issue) => issue.startsWith("error")).length, 10);
    assert.ok(job.issues.includes("warning: mind this"));
    assert.equal(job.records.flatMap(({ issues = [] }) => issues)[3]?.data?.code, "E3");
    assert.match(job.log, /##\[error\]problem 11/);
  });

  it("let the progress only rise", async () => {
    const seen: (number | undefined)[] = [];
    const reporter = {
      record: (patch: { percentComplete?: number }) => void seen.push(patch.percentComplete),
      lines: () => undefined,
    };
    await run([probe(printing("##vso[task.setprogress value=40;]half", "##vso[task.setprogress value=20;]less"))], {
      options: { reporter },
    });
    assert.deepEqual(
      seen.filter((value) => value !== undefined),
      [40, 40, 100, 100],
    );
  });

  it("upload the summary as it stands when the step ends", async () => {
    const code = `
      const fs = require("fs"), file = process.env.AGENT_TEMPDIRECTORY + "/result.md";
      fs.writeFileSync(file, "# early");
      console.log("##vso[task.uploadsummary]" + file);
      fs.writeFileSync(file, "# final, by job-token-of-this-run");`;
    const job = await run([probe(code)]);
    assert.deepEqual(job.attachments, [
      { type: "Distributedtask.Core.Summary", name: "result.md", content: "# final, by ***" },
    ]);
  });

  it("fail the step when they cannot be carried out, and only warn in an unknown area", async () => {
    const unknown = await run([probe(printing("##vso[task.selfdestruct]now"))]);
    assert.equal(unknown.result, "failed");
    assert.match(unknown.issues.join(), /##vso\[task.selfdestruct\] is not a recognized command/);
    const area = await run([probe(printing("##vso[kitchen.sink]x", "##vso[build.addbuildtag]x"))]);
    assert.equal(area.result, "succeeded");
    assert.deepEqual(area.issues, [
      "warning: Cannot find command extension for ##vso[kitchen.sink].",
      "warning: The simulated agent does not carry out ##vso[build.addbuildtag].",
    ]);
  });

  it("show debug output only in a debug run", async () => {
    const code = printing("##vso[task.debug]details");
    assert.doesNotMatch((await run([probe(code)])).log, /details/);
    assert.match((await run([probe(code)], { variables: { "System.Debug": "true" } })).log, /##\[debug\]details/);
  });

  it("put folders before PATH for the following steps, the newest first", async () => {
    const job = await run([
      bash('echo "##vso[task.prependpath]/one"; echo "##vso[task.prependpath]/two"'),
      bash("echo $PATH"),
    ]);
    assert.match(job.log, /^\/two:\/one:\//m);
  });

  it("end a task that says it is done, though its process goes on", async () => {
    const code = `${printing("##vso[task.complete result=Succeeded;done=true]done")}\nsetInterval(() => {}, 1000)`;
    const job = await run([probe(code)], { options: { doneGraceMs: 50 } });
    assert.equal(job.result, "succeeded");
  });
});

describe("Secrets of a job", () => {
  it("never show: secret variables, endpoint parameters and setsecret values, in whatever form they are printed", async () => {
    const code = `
      const token = process.env.ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN;
      console.log("plain " + token);
      console.log("twice " + token + token);
      console.log("basic " + Buffer.from(process.env.SECRET_PAT).toString("base64"));
      console.log("json " + JSON.stringify({ pat: process.env.SECRET_PAT }));
      console.log("##vso[task.setsecret]made-up-later");
      console.log("##vso[task.logissue type=error;code=made-up-later]because made-up-later");
      console.log("##vso[task.setprogress value=1]at made-up-later");`;
    const job = await run([probe(code)], { variables: { PAT: { value: 'p"a%t/1', isSecret: true } } });
    const everything = job.log + JSON.stringify(job.records);
    for (const secret of ["job-token-of-this-run", 'p"a%t/1', 'p\\"a%t', "made-up-later", "cCJhJXQvMQ=="])
      assert.ok(!everything.includes(secret), `${secret} was reported`);
    assert.match(job.log, /^plain \*\*\*$/m);
    assert.match(job.log, /##\[error\]because \*\*\*/);
  });
});
