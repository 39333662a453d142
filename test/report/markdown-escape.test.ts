import assert from "node:assert/strict";
import { block, html, inline, visible } from "../../EphemeralAgentTask/src/report/markdown-escape.ts";

describe("Text from outside in a summary", () => {
  it("keeps no character that Markdown or HTML would read", () => {
    const hostile = "# <b>x</b> [a](javascript:b) `c` **d** | e ##vso[task.complete] $(f) https://g ~~h~~ ![i](j)";
    assert.match(inline(hostile).replaceAll(/&(#\d+|lt|gt|amp);/g, ""), /^[A-Za-z0-9 ]*$/);
  });

  it("stays in its line, and in its block", () => {
    assert.doesNotMatch(inline("a\n\n# b"), /\n/);
    assert.equal(block("a\n</pre><script>"), "<pre>a&#10;&lt;&#47;pre&gt;&lt;script&gt;</pre>");
  });

  it("shows what is hidden", () => {
    assert.equal(visible("a\u202eb\u0000c\u001b[31m"), "a\ufffdb\ufffdc\ufffd[31m");
    for (const code of [0xad, 0x61c, 0x115f, 0x180e, 0x206a, 0xfff9, 0xe0000, 0xe0001, 0xe0041, 0xe007f])
      assert.equal(visible(`a${String.fromCodePoint(code)}b`), "a\ufffdb", `U+${code.toString(16)}`);
    assert.equal(visible("Déploiement 部署 ❤️\tone\ntwo"), "Déploiement 部署 ❤️\tone\ntwo");
    assert.equal(html("<'\"&>"), "&lt;&#39;&quot;&amp;&gt;");
  });
});
