// The part of the service's template language that the lists of task.json use: values, escaped or not, and one choice
// (facts task-conventions §1.4; `#if` with `else` is what first-party tasks use in addresses and results).

/** What names stand for. A name may be a path: `properties.loginServer`. */
type Values = Readonly<Record<string, unknown>>;

const choice = /\{\{#if ([\w.]+)\}\}((?:(?!\{\{#if).)*?)(?:\{\{else\}\}((?:(?!\{\{#if).)*?))?\{\{\/if\}\}/s;
const value = /\{\{\{([\w.]+)\}\}\}|\{\{([\w.]+)\}\}/g;

/** Names are found whatever their case, as the service does with the data of a connection. */
function lookUp(path: string, values: Values): unknown {
  return path.split(".").reduce<unknown>((at, name) => {
    if (typeof at !== "object" || at === null) return undefined;
    return Object.entries(at).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  }, values);
}

function text(path: string, values: Values): string {
  const found = lookUp(path, values);
  if (typeof found !== "string" && typeof found !== "number")
    throw new Error(`the template asks for '${path}', which is ${typeof found}`);
  return String(found);
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (plain: string) => plain.replace(/[&<>"']/g, (letter) => escapes[letter] ?? letter);

/** @throws when it asks for a value that there is not, or uses more of the language than is known here. */
export function fill(template: string, values: Values): string {
  let chosen = template;
  for (let found = choice.exec(chosen); found !== null; found = choice.exec(chosen)) {
    const [whole, name = "", then = "", otherwise = ""] = found;
    const holds = ![undefined, null, "", false, 0].includes(lookUp(name, values) as undefined);
    chosen = chosen.replace(whole, () => (holds ? then : otherwise));
  }
  const filled = chosen.replace(value, (_, plain?: string, html?: string) =>
    plain === undefined ? escaped(text(html ?? "", values)) : text(plain, values),
  );
  if (/\{\{[^}]*\}\}/.test(filled)) throw new Error(`not known here: ${/\{\{[^}]*\}\}/.exec(filled)?.[0]}`);
  return filled;
}
