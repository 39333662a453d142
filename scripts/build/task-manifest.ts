// What the scripts and tests read of task.json.

export interface TaskInput {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly type: string;
  readonly label: string;
  readonly defaultValue?: string | boolean;
  readonly required?: boolean;
  readonly helpMarkDown: string;
  readonly groupName?: string;
  readonly visibleRule?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, string>>;
}

/** Where the editor gets the choices of an input. */
export interface DataSourceBinding {
  readonly target: string;
  readonly endpointId: string;
  readonly dataSourceName?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly endpointUrl?: string;
  readonly resultSelector?: string;
  readonly resultTemplate?: string;
}

type Handlers = Readonly<Record<string, { readonly target: string }>>;

export interface TaskManifest {
  readonly version: { readonly Major: number; readonly Minor: number; readonly Patch: number };
  readonly groups: readonly {
    readonly name: string;
    readonly displayName: string;
    readonly isExpanded?: boolean;
    readonly visibleRule?: string;
  }[];
  readonly inputs: readonly TaskInput[];
  readonly dataSourceBindings: readonly DataSourceBinding[];
  readonly outputVariables: readonly { readonly name: string; readonly description: string }[];
  readonly execution: Handlers;
  readonly postjobexecution: Handlers;
  readonly restrictions: { readonly settableVariables: { readonly allowed: readonly string[] } };
}
