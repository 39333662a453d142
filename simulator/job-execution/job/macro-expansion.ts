// Expands `$(name)` in a text.

/**
 * Expands `$(name)` once: what a value brings in is not expanded again, and an unknown name stays as it is written
 * (facts task-conventions §1.3).
 * @param lookUp gives a variable's value, or undefined when there is none of that name.
 */
export function expandMacros(text: string, lookUp: (name: string) => string | undefined): string {
  let result = text;
  let from = 0;
  for (;;) {
    const start = result.indexOf("$(", from);
    if (start < 0) return result;
    const end = result.indexOf(")", start + 2);
    if (end < 0) return result;
    const value = lookUp(result.slice(start + 2, end));
    if (value === undefined) {
      from = start + 1;
      continue;
    }
    result = result.slice(0, start) + value + result.slice(end + 1);
    from = start + value.length;
  }
}
