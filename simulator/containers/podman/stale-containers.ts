// Removes what earlier simulators left in the container engine.
import { randomBytes } from "node:crypto";
import type { ContainerCli } from "./engine-command.ts";

/** What the names of one simulator's containers and networks begin with. */
export const ownPrefix = (): string => `sim-${process.pid}-${randomBytes(3).toString("hex")}`;

/** Removes what simulators left that ended without the time to do so themselves. */
export async function removeLeftovers(cli: ContainerCli): Promise<void> {
  for (const [list, remove] of [
    [["ps", "--all", "--format", "{{.Names}}"], cli.remove],
    [
      ["network", "ls", "--format", "{{.Name}}"],
      ["network", "rm", "--force"],
    ],
  ] as const) {
    const names = (await cli.run(list)).split("\n").filter(isLeftover).sort();
    // A container in another's network goes first: its name is the longer one.
    for (const name of names.reverse()) await cli.attempt([...remove, name]);
  }
}

function isLeftover(name: string): boolean {
  const [, pid] = /^sim-(\d+)-[0-9a-f]{6}-/.exec(name) ?? [];
  return pid !== undefined && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
