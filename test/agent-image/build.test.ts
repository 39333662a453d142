// What builds the images is not here. Its files are held to what is known of it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
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
