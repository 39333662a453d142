// Finds names that depend on each other in a circle.
interface Named {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/** Names that depend on themselves, directly or over others. */
export function cyclesIn(all: readonly Named[]): string[] {
  const byName = new Map(all.map((one) => [one.name.toLowerCase(), one]));
  const reaches = (from: Named, wanted: string, seen: Set<string>): boolean =>
    from.dependsOn.some((dependency) => {
      const name = dependency.toLowerCase();
      if (name === wanted) return true;
      const next = byName.get(name);
      if (next === undefined || seen.has(name)) return false;
      seen.add(name);
      return reaches(next, wanted, seen);
    });
  return all.filter((one) => reaches(one, one.name.toLowerCase(), new Set())).map(({ name }) => name);
}
