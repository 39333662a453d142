// What builds the images is not here. Its files are held to what is known of it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const read = (name: string): string => readFileSync(new URL(`../../agent-image/${name}`, import.meta.url), "utf8");

describe("the build of the agent image", () => {
  for (const name of ["Dockerfile", "windows/Dockerfile"]) {
    it(`takes nothing in ${name} that ACR Tasks cannot do: it builds without BuildKit`, () => {
      const instructions = read(name).replaceAll(/^# .*\n/gm, "");
      assert.doesNotMatch(instructions, /^(COPY|ADD).* --(chmod|link|parents|exclude|checksum)\b/m);
      assert.doesNotMatch(instructions, /^RUN --|<<-?['"]?[A-Z]/m);
    });
  }

  it("gets scripts with Linux's line ends from a clone on Windows, too", () => {
    const cwd = fileURLToPath(new URL("../..", import.meta.url));
    const scripts = ["agent-image/entrypoint.sh", "agent-image/standalone.sh", "samples/setup/set-up.sh", ".ci/run"];
    const said = execFileSync("git", ["check-attr", "eol", ...scripts], { cwd, encoding: "utf8" });
    assert.deepEqual(
      said.trim().split("\n"),
      scripts.map((script) => `${script}: eol: lf`),
    );
  });

  it("runs for a change in any of its folders", () => {
    // A single asterisk would leave out what is below a folder.
    assert.deepEqual(parse(read("azure-pipelines.yml")).trigger.paths.include, ["agent-image"]);
  });

  it("gives the scanner neither Docker's credentials nor its socket", () => {
    const [, , volumes] =
      read("azure-pipelines.yml").match(/docker run (--rm )((?:--volume "\S+" )+)"\$\(scanner\)"/) ?? [];
    assert.deepEqual(volumes?.match(/"\S+"/g), ['"$image:/image:ro"', '"$results:/results"']);
  });

  it("gives each run a tag that no later run moves", () => {
    const pipeline = read("azure-pipelines.yml");
    assert.match(pipeline, /^name: .*\$\(Date:yyyyMMdd\).*\$\(Rev:/m);
    assert.equal(pipeline.match(/\$\(agentVersion\)-\$\(Build\.BuildNumber\)/g)?.length, 2);
    assert.doesNotMatch(pipeline, /-\$\(date /);
  });
});
