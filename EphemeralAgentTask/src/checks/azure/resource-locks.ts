// Checks the resource group for locks that keep container groups from being created or deleted.
import { lockCommand } from "../../errors/mapping/fix-commands.ts";
import { failed, type Look, unread } from "../check-context.ts";
import type { Lock } from "../check-ports.ts";
import { type Found, ok, wrong } from "../finding.ts";

const effects: Readonly<Record<string, string>> = {
  cannotdelete: "it keeps every container group from being deleted, so that each run leaves one",
  readonly: "it keeps container groups from being made and deleted",
};

/** @param scope resource id of the resource group */
function judgeLocks(locks: readonly Lock[], scope: string): Found {
  const subject = `locks on ${scope.split("/").at(-1)}`;
  const [first] = locks;
  if (first === undefined) return ok(subject, "none");
  const told = locks.map(({ name, level, scope: at }) => `${name} (${level}) at ${at}`);
  return wrong(subject, {
    found: told.join(", "),
    cause: `${first.name}: ${effects[first.level.toLowerCase()] ?? "it keeps container groups from being changed"}.`,
    fix: `Remove the lock (${lockCommand(first.scope)} shows its id; az lock delete --ids ID), or give the agents a resource group without one.`,
  });
}

/** @param scope resource id of the resource group */
export async function checkLocks({ azure, read }: Look, scope: string): Promise<Found> {
  const locks = await read("locks", () => azure.locks(scope));
  return failed(locks) ? unread(`locks on ${scope.split("/").at(-1)}`, locks) : judgeLocks(locks, scope);
}
