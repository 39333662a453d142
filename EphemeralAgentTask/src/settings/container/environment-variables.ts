// Reads environment variables, plain and secret. Either may hold a secret by mistake, so messages show no values.
import { scriptVariables, setByScript, takenByScript } from "../../plan/script-variables.ts";
import { looksSecret } from "../../plan/secret-names.ts";
import type { Reader } from "../input-reader.ts";
import type { ContainerSettings } from "../settings.ts";
import { blocksOf, type Pair, valuesOf } from "../text/multiline-input.ts";

/** Letters, digits and inner underscores, up to 63 (facts aci-azure-sdk §3.3); the service's message wants a letter first. */
const variableName = /^[A-Za-z]([A-Za-z0-9_]{0,61}[A-Za-z0-9])?$/;
/** The start script's own, and the interface of images that register themselves. */
const reservedVariable = /^(AZP_|EPHEMERAL_|AZ_ACI_)/i;
/** What a container that deletes itself gets besides. A job of another may want them for itself. */
const selfDestructVariable = /^AZ_(SUBSCRIPTION_ID|CLOUD|RESOURCE_MANAGER|MANAGED_IDENTITY)$/i;

type EnvironmentInput = "environmentVariables" | "secretEnvironmentVariables";

/** What is wrong with a variable, if anything is. Nothing said quotes it. */
function flaw(reader: Reader, name: string, value: string): string | undefined {
  const chosen = (input: string) => reader.raw.input(input)?.trim().toLowerCase();
  if (!variableName.test(name))
    return "allowed in a name: letters, digits and inner underscores, up to 63, with a letter first";
  if (reservedVariable.test(name)) return "this task sets variables that begin with AZP_, EPHEMERAL_ or AZ_ACI_";
  if (chosen("selfDestruct") === "true" && selfDestructVariable.test(name))
    return "with selfDestruct this task sets AZ_SUBSCRIPTION_ID, AZ_CLOUD, AZ_RESOURCE_MANAGER and AZ_MANAGED_IDENTITY";
  // An image that registers itself has another script, or none.
  if (chosen("agentRegistration") !== "container" && takenByScript(name))
    return `the start script keeps or sets this variable, so the job would not get the value: ${taken}`;
  // InvalidEnvironmentVariable: "One and only one property of 'value' and 'secureValue'" (virtual-kubelet #296).
  if (value === "") return "a variable needs a value: Azure refuses an empty one";
  return undefined;
}

const taken = [...scriptVariables, ...setByScript].join(", ");

function environment(reader: Reader, input: EnvironmentInput): Pair[] {
  const pairs = reader.blocks(input);
  for (const { number, name = "", value } of pairs) {
    const wrong = flaw(reader, name, value);
    if (wrong !== undefined) reader.wrongSecret(input, number, wrong);
  }
  return pairs;
}

/** Both kinds. Azure refuses a name that is given both with a value and with a secret one. */
export function environments(reader: Reader): Pick<ContainerSettings, "environment" | "secretEnvironment"> {
  const [plain, secret] = [
    environment(reader, "environmentVariables"),
    environment(reader, "secretEnvironmentVariables"),
  ];
  const names = new Set(plain.map(({ name }) => name));
  for (const { number, name } of secret)
    if (names.has(name))
      reader.wrongSecret("secretEnvironmentVariables", number, "environmentVariables has this name already");
  return { environment: valuesOf(plain), secretEnvironment: valuesOf(secret) };
}

/** What is not wrong, and still not what it seems. Names that look like a secret are named: their values are not. */
export function environmentNotes(reader: Reader): string[] {
  const names = blocksOf(reader.raw.input("environmentVariables") ?? "").flatMap(({ name = "" }) =>
    variableName.test(name) ? [name] : [],
  );
  const open = names.filter(looksSecret);
  const told =
    open.length === 0
      ? []
      : [
          `environmentVariables: ${open.join(", ")} can be read by everybody who may read the container group; secretEnvironmentVariables hides values.`,
        ];
  const user = names.includes("AGENT_USER")
    ? [
        "environmentVariables: the job gets AGENT_USER; it does not choose the user that the agent runs as, which an image names in EPHEMERAL_AGENT_USER.",
      ]
    : [];
  return [...told, ...user];
}
