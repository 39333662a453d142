// Reads the tags of a resource, within the limits of Azure Resource Manager.
import { armError } from "../arm-error.ts";
import { isObject } from "../json-body.ts";

const most = 50;
const longestName = 512;
const longestValue = 256;

/**
 * Tags of a resource, within ARM's limits.
 * @throws Refused when there are too many, or a name or value is one that ARM does not keep.
 */
export function tagsOf(tags: unknown): Readonly<Record<string, string>> {
  if (tags === undefined || tags === null) return {};
  if (!isObject(tags)) throw armError(400, "InvalidRequestContent", "The tags must be a JSON object.");
  const entries = Object.entries(tags);
  if (entries.length > most) {
    const message = `The number of tags '${entries.length}' exceeds the maximum number of tags '${most}' for a resource.`;
    throw armError(400, "TooManyTags", message);
  }
  return Object.fromEntries(entries.map(([name, value]) => [checkedName(name), checkedValue(name, value)]));
}

function checkedName(name: string): string {
  if (name === "" || name.length > longestName) {
    throw armError(400, "InvalidTagName", `The tag name '${name}' must have 1 to ${longestName} characters.`);
  }
  if (/[<>%&\\?/]/.test(name)) {
    const message = `The tag names '${name}' have reserved characters '<,>,%,&,\\,?,/' or control characters.`;
    throw armError(400, "InvalidTagNameCharacters", message);
  }
  return name;
}

function checkedValue(name: string, value: unknown): string {
  if (typeof value !== "string" || value.length > longestValue) {
    const message = `The value of tag '${name}' must be a string of at most ${longestValue} characters.`;
    throw armError(400, "InvalidTagValueLength", message);
  }
  return value;
}
