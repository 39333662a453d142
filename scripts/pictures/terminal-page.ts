// A terminal with what the demo printed, as a page to photograph.

const colors = {
  light: { page: "#ffffff", ink: "#1f2328", dim: "#6e7781", ok: "#1a7f37" },
  dark: { page: "#0d1117", ink: "#e6edf3", dim: "#8b949e", ok: "#56d364" },
} as const;

const names = {
  light: ["#0550ae", "#8250df", "#953800", "#116329", "#a40e26"],
  dark: ["#79c0ff", "#d2a8ff", "#ffa657", "#7ee787", "#ffa198"],
} as const;

/** Lines that say nothing to somebody who sees a run for the first time. */
const dull =
  /(?:Starting|Finishing): |Script contents:|Limits: |Containers are processes|Post-job|disabled$|: (?:creating|pending|being deleted|offline, idle)$|Image: |Agents: |Resource group: |Demand it by: /;

const escaped = (text: string): string => text.replace(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`);

/**
 * @param output what `npm run demo` printed to a file
 * @returns HTML
 */
export function terminalPage(output: string, theme: keyof typeof colors): string {
  const { page, ink, dim, ok } = colors[theme];
  const seen: string[] = [];
  const lines = output
    .split("\n")
    .filter((line) => !dull.test(line))
    .map((line) => {
      const short = line.replace(/ \(\/subscriptions\/\S+?\)/, "").slice(0, 140);
      const [, time, name, rest] = /^( +\d+\.\ds {2})(.+?)( {2,}.*)$/.exec(short) ?? [];
      if (time === undefined || name === undefined || rest === undefined)
        return escaped(short).replace(/\bsucceeded\b/g, "<b>succeeded</b>");
      if (!seen.includes(name)) seen.push(name);
      const color = names[theme][seen.indexOf(name) % names[theme].length];
      const said = escaped(rest).replace(/\bsucceeded$/, "<b>succeeded</b>");
      return `<i>${time}</i><span style="color:${color}">${escaped(name)}</span>${said}`;
    });
  return `<!doctype html><html lang="en"><title>npm run demo</title><style>
body{margin:0;padding:20px 28px;background:${page};color:${ink}}
pre{margin:0;font:15px/21px "DejaVu Sans Mono",Menlo,Consolas,monospace;white-space:pre}
i{font-style:normal;color:${dim}} b{font-weight:600;color:${ok}}
</style><pre>$ npm run demo\n${lines.join("\n").trim()}</pre></html>`;
}
