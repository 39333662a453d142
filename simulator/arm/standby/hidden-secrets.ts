// Hides the content of secrets when a profile is shown.
import { isObject, type JsonObject, objectOf } from "../json-body.ts";

/** What a member shows in place of its content; nothing in place of a value that is no member. */
const hidden: Readonly<Record<string, (value: unknown) => unknown>> = {
  securevalue: () => undefined,
  workspacekey: () => undefined,
  password: () => undefined,
  storageaccountkey: () => undefined,
  secret: () => ({}),
};

/** Properties of a profile as a reader sees them: without a secret, which is as recorded 2024-10-01 and 2024-10-29. */
export function withoutSecrets(properties: JsonObject): JsonObject {
  return objectOf(shown(properties));
}

function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, content]): [string, unknown] => {
        const hide = hidden[name.toLowerCase()];
        return [name, hide === undefined ? shown(content) : hide(content)];
      })
      .filter(([, content]) => content !== undefined),
  );
}
