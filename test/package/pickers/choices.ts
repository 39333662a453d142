// What the editor does to fill a list: it asks whoever the binding names, with the rights of the service connection, and
// makes a choice of each element of the answer.
import type { DataSourceBinding } from "../../../scripts/build/task-manifest.ts";
import type { Endpoint } from "../../../simulator/job-execution/job/job-message.ts";
import { ask } from "../../simulator/http/plain-request.ts";
import { select } from "./json-path.ts";
import { fill } from "./template.ts";

export interface Choice {
  readonly Value: string;
  readonly DisplayValue: string;
}

/**
 * Lists that a service connection of the type AzureRM brings along. What they ask is Azure's reference "Resource Groups –
 * List" and "Subscriptions – List Locations"; first-party tasks name them as ours does (microsoft/azure-pipelines-tasks:
 * AzureResourceGroups in 8 tasks without a template, AzureLocations2 in 3 with one over `name`).
 */
const ofAzure: Readonly<Record<string, Pick<Required<DataSourceBinding>, "endpointUrl" | "resultSelector">>> = {
  AzureResourceGroups: {
    endpointUrl: "{{{endpoint.url}}}/subscriptions/{{{endpoint.subscriptionId}}}/resourcegroups?api-version=2021-04-01",
    resultSelector: "jsonpath:$.value[*].name",
  },
  AzureLocations2: {
    endpointUrl: "{{{endpoint.url}}}/subscriptions/{{{endpoint.subscriptionId}}}/locations?api-version=2022-12-01",
    resultSelector: "jsonpath:$.value[*]",
  },
};

export interface Editor {
  readonly caFile: string;
  /** What has been filled in so far. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The collection, and the token of whoever edits. */
  readonly organization: { readonly url: string; readonly token: string };
  /** Service connections by name, each with a token of its identity. */
  readonly connections: Readonly<Record<string, { readonly endpoint: Endpoint; readonly token: string }>>;
}

/** Whoever is asked: `tfs:teamfoundation`, or the connection that an input names. */
function source(editor: Editor, endpointId: string) {
  const { organization, connections } = editor;
  if (endpointId === "tfs:teamfoundation") return { token: organization.token, endpoint: { url: organization.url } };
  const found = connections[withInputs(endpointId, editor)];
  if (found === undefined) throw new Error(`no connection is chosen by ${endpointId}`);
  return { token: found.token, endpoint: { ...found.endpoint.data, url: found.endpoint.url } };
}

/** An input that is empty is nothing. @throws when it names an input that nobody filled in and nobody left empty */
const withInputs = (text: string, { inputs }: Editor) =>
  text.replace(/\$\((\w+)\)/g, (whole, name: string) => {
    const value = inputs[name];
    if (value === undefined) throw new Error(`${whole} names no input`);
    return value;
  });

function asChoice(element: unknown, template: string | undefined): Choice {
  if (template === undefined) return { Value: String(element), DisplayValue: String(element) };
  return JSON.parse(fill(template, element as Record<string, unknown>)) as Choice;
}

interface List {
  readonly status: number;
  readonly choices: readonly Choice[];
}

/** Fills one list. */
export async function listOf(binding: DataSourceBinding, editor: Editor): Promise<List> {
  const named = binding.dataSourceName === undefined ? undefined : ofAzure[binding.dataSourceName];
  const { endpointUrl, resultSelector, resultTemplate, parameters = {} } = { ...named, ...binding };
  if (endpointUrl === undefined || resultSelector === undefined)
    throw new Error(`nobody knows what ${binding.dataSourceName} asks`);
  const { token, endpoint } = source(editor, binding.endpointId);
  const given = Object.entries(parameters).map(([name, value]) => [name, withInputs(value, editor)]);
  const url = fill(withInputs(endpointUrl, editor), { endpoint, ...Object.fromEntries(given) });
  const answer = await ask(editor.caFile, url, { headers: { authorization: `Bearer ${token}` } });
  // The editor shows an empty list then.
  if (answer.status !== 200) return { status: answer.status, choices: [] };
  return { status: 200, choices: select(resultSelector, answer.json()).map((one) => asChoice(one, resultTemplate)) };
}
