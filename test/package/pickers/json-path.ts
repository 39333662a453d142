// The part of JSONPath that the lists of task.json use: members, `[*]`, and one comparison of an element's member.

type Step = (at: unknown) => unknown[];

const member =
  (name: string): Step =>
  (at) =>
    typeof at === "object" && at !== null && name in at ? [(at as Record<string, unknown>)[name]] : [];

const each: Step = (at) => (Array.isArray(at) ? at : []);

const where =
  (name: string, wanted: unknown): Step =>
  (at) =>
    each(at).filter((element) => member(name)(element).includes(wanted));

/** `'text'`, `true` or `false`. */
function literal(written: string): unknown {
  if (written === "true" || written === "false") return written === "true";
  return written.slice(1, -1);
}

/**
 * The elements that a path such as `jsonpath:$.value[?(@.isHosted==false)]` selects.
 * @throws when the path uses more of the language than is known here.
 */
export function select(selector: string, document: unknown): unknown[] {
  const path = /^jsonpath:\$(.*)$/.exec(selector)?.[1];
  if (path === undefined) throw new Error(`no JSONPath: ${selector}`);
  let found: unknown[] = [document];
  for (let rest = path; rest !== ""; ) {
    const step = /^\.(\w+)|^\[\*\]|^\[\?\(@\.(\w+)==('[^']*'|true|false)\)\]/.exec(rest);
    if (step === null) throw new Error(`not known here: ${rest}`);
    const [whole, name, tested, wanted = ""] = step;
    const take = name !== undefined ? member(name) : tested !== undefined ? where(tested, literal(wanted)) : each;
    found = found.flatMap(take);
    rest = rest.slice(whole.length);
  }
  return found;
}
