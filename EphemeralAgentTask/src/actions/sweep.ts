// The sweep action: removes every leftover of a pool and a resource group, and prints what became of each.
import { TaskError } from "../errors/catalog.ts";
import { type Swept, sweep as sweepLeftovers } from "../lifecycle/remove/remove-leftovers.ts";
import { type Ports, patientContext } from "../lifecycle/step/step-context.ts";
import type { SweepSettings } from "../settings/settings.ts";
import { type Outcome, succeeded } from "./action-result.ts";

/** Pads each column to its widest cell. */
function table(rows: readonly Swept[]): string[] {
  const cells = [
    ["agent", "found", "result", "why"],
    ...rows.map(({ name, what, end, why }) => [name, what, end, why]),
  ];
  const width = (column: number) => Math.max(...cells.map((row) => row[column]?.length ?? 0));
  const widths = [0, 1, 2].map(width);
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** @throws `TaskError` EA803 when a leftover stays; `ServiceFault`; `Cancelled` */
export async function sweep(ports: Ports, settings: SweepSettings): Promise<Outcome> {
  const context = patientContext(ports, ports.clock.now());
  const where = `pool '${context.pool.name}' and resource group '${settings.resourceGroupName}'`;
  const rows = await sweepLeftovers(context, settings);
  if (rows.length === 0) {
    ports.task.info(`There are no leftovers of this project in ${where}.`);
    return succeeded;
  }
  ports.task.info(`In ${where}:`);
  for (const line of table(rows)) ports.task.info(line);
  ports.task.summarize(rows.map(({ name, end, why }) => ({ subject: name, result: end, text: why })));
  const failed = rows.filter((row) => row.end === "failed");
  if (failed.length > 0) throw new TaskError("EA803", failed.map((row) => `${row.name}: ${row.why}`).join("; "));
  const issues = rows.flatMap((row) => {
    if (row.unknown) return [new TaskError("EA804", `${row.name} ${row.why}; the state of its run could not be read.`)];
    return row.kept ? [row.kept] : [];
  });
  const [first] = issues;
  if (first === undefined) return succeeded;
  const reasons = issues.filter(({ code }) => code === first.code).map(({ reason }) => reason);
  for (const other of issues) if (other.code !== first.code) ports.task.warning(other.code, other.message);
  const { code, message } = new TaskError(first.code, reasons.join(" "));
  return { result: "succeededWithIssues", code, message };
}
