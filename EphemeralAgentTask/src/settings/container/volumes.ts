// Reads volumes, one on each line: `emptyDir mountPath=/work`, or `azureFile share=… account=… key=… mountPath=…`.
import { startFolder, stateFolder } from "../../plan/agent-and-container-group.ts";
import type { Reader } from "../input-reader.ts";
import type { VolumeSetting } from "../settings.ts";

/** An absolute path that says where it is: nothing empty in it, nothing that leads elsewhere. */
export const absolutePath = /^(\/(?!\.{1,2}(\/|$))[^/:\s]+)+$/;

/** Places of the start script and its state. */
export const isOurs = (path: string) => [startFolder, stateFolder].some((one) => `${path}/`.startsWith(`${one}/`));

/** A group takes 20 (facts aci-azure-sdk §3.3), and two are this task's own. */
const most = 18;

const known: Readonly<Record<VolumeSetting["kind"], readonly string[]>> = {
  emptyDir: ["mountPath"],
  azureFile: ["mountPath", "share", "account", "key", "readOnly"],
};

/** How Azure names and keys look; the values themselves are not shown, as a mistake may put the key anywhere. */
const forms: Readonly<Record<string, readonly [form: RegExp, rule: string]>> = {
  share: [/^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/, "share=… takes 3 to 63 lowercase letters, digits and single hyphens"],
  account: [/^[a-z0-9]{3,24}$/, "account=… takes the storage account's name: 3 to 24 lowercase letters and digits"],
  key: [/^[A-Za-z0-9+/]+={0,2}$/, "key=… takes a key of the storage account"],
  readOnly: [/^(true|false)?$/, "readOnly=… takes true or false"],
};

function volume(line: string, wrong: (allowed: string) => void): VolumeSetting | undefined {
  const [word = "", ...parts] = line.split(/\s+/);
  const kind = Object.keys(known).find((one) => one === word) as VolumeSetting["kind"] | undefined;
  if (kind === undefined) {
    wrong("allowed: lines that begin with emptyDir or azureFile");
    return undefined;
  }
  const values = new Map(parts.map((part) => part.split(/=(.*)/s, 2) as [name: string, value: string]));
  const value = (name: string) => values.get(name) ?? "";
  const unknown = [...values.keys()].some((name) => !known[kind].includes(name));
  if (unknown)
    wrong(`allowed in the line: ${known[kind].map((name) => `${name}=…`).join(" ")}, without blanks in them`);
  const mountPath = value("mountPath");
  if (!absolutePath.test(mountPath)) wrong("mountPath=/… is needed in the line, an absolute path");
  const covers = [startFolder, stateFolder].some((one) => one.startsWith(`${mountPath}/`));
  if (covers || isOurs(mountPath)) wrong(`${startFolder} and ${stateFolder} are this task's own`);
  if (kind === "emptyDir") return { kind, mountPath };
  for (const [name, [form, rule]] of Object.entries(forms)) if (!form.test(value(name))) wrong(rule);
  const [share, account, key] = [value("share"), value("account"), value("key")];
  return { kind, mountPath, share, account, key, readOnly: value("readOnly") === "true" };
}

export function volumes(reader: Reader): VolumeSetting[] {
  const input = "volumes";
  const lines = new Map<string, number>();
  const all = reader.lines(input).flatMap(({ number, text }): VolumeSetting[] => {
    const wrong = (allowed: string) => reader.wrongSecret(input, number, allowed);
    const found = volume(text, wrong);
    if (found === undefined) return [];
    const earlier = lines.get(found.mountPath);
    if (earlier !== undefined) wrong(`a path may be mounted once; line ${earlier} has the same one`);
    else lines.set(found.mountPath, number);
    return [found];
  });
  if (all.length > most) reader.wrongSecret(input, undefined, `up to ${most} volumes are allowed, not ${all.length}`);
  return all;
}
