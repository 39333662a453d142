// The text that a person sees at the end of the log, compared with a file of its own. After a change that is meant, write the
// files again with UPDATE_MESSAGES=1 and read them as somebody who sees nothing else.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Simulator } from "../../../simulator/start-simulator.ts";

interface Told {
  readonly issues: readonly { readonly type: "error" | "warning"; readonly message: string }[];
}

const update = process.env.UPDATE_MESSAGES === "1";

/** Without what differs from simulator to simulator. */
function general(text: string, { ready }: Simulator): string {
  const own = [
    [ready.organizationUrl.replace(/\/$/, ""), "https://dev.azure.com/contoso"],
    [new URL(ready.organizationUrl).host, "dev.azure.com"],
    [new URL(ready.arm).host, "management.azure.com"],
    [new URL(ready.authority).host, "login.microsoftonline.com"],
    [ready.image.split("/")[0] ?? "", "contoso.azurecr.io"],
    [ready.subscriptionId, "SUBSCRIPTION"],
    [ready.clientObjectId, "OBJECT-ID"],
    [ready.clientId, "CLIENT-ID"],
  ] as const;
  const named = own.reduce((all, [special, usual]) => all.replaceAll(special, usual), text);
  return named
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID")
    .replaceAll(/eph-\d+-[a-z0-9]{6}/g, "AGENT");
}

/** The step told one error, and it reads as the file of that name. */
export function assertReads(name: string, { issues }: Told, simulator: Simulator): void {
  const errors = issues.filter(({ type }) => type === "error").map(({ message }) => general(message, simulator));
  assert.equal(errors.length, 1, `one cause is one error:\n${errors.join("\n")}`);
  const [text = ""] = errors;
  const file = fileURLToPath(new URL(`messages/${name}.txt`, import.meta.url));
  if (update) writeFileSync(file, `${text}\n`);
  assert.ok(existsSync(file), `${file} is missing; UPDATE_MESSAGES=1 writes it`);
  // The agent masks the application's id in Azure's own words.
  assert.ok(!text.replace("client '***'", "").includes("***"), `a masked value is no value that was found:\n${text}`);
  assert.equal(`${text}\n`, readFileSync(file, "utf8"));
}
