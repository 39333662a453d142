// Reads the command line of the stand-in agent: `--name value` and `--name`.

/** What a command line says: `--name value` and `--name`. Names are compared without regard to case, as the agent does. */
interface Arguments {
  flag(name: string): boolean;
  /** @throws when neither the command line nor `VSTS_AGENT_INPUT_…` has it: nobody can be asked. */
  text(name: string): string;
  optional(name: string): string | undefined;
}

/**
 * @param flags names that take no value
 * @param environment whose `VSTS_AGENT_INPUT_<NAME>` stand for arguments, without being as visible (facts §2.3)
 */
export function parseArguments(
  commandLine: readonly string[],
  flags: readonly string[],
  environment: NodeJS.ProcessEnv,
): Arguments {
  const given = new Map<string, string>();
  for (const [name, value = ""] of Object.entries(environment)) {
    const [, argument] = /^VSTS_AGENT_INPUT_(.+)$/i.exec(name) ?? [];
    if (argument !== undefined) given.set(argument.toLowerCase(), value);
  }
  for (let index = 0; index < commandLine.length; index += 1) {
    const [, name] = /^--(.+)$/.exec(commandLine[index] ?? "") ?? [];
    if (name === undefined) continue;
    const key = name.toLowerCase();
    if (flags.includes(key)) given.set(key, "true");
    else {
      given.set(key, commandLine[index + 1] ?? "");
      index += 1;
    }
  }
  const optional = (name: string): string | undefined => given.get(name) || undefined;
  return {
    optional,
    flag: (name) => optional(name)?.toLowerCase() === "true",
    text(name) {
      const value = optional(name);
      if (value === undefined)
        throw new Error(`Invalid configuration provided for ${name}. Terminating unattended configuration.`);
      return value;
    },
  };
}
