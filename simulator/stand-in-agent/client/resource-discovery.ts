// Where an agent finds a resource: it asks for connection data and looks everything else up in it, by ids that never
// change. It knows no path by itself (facts agent-protocol §12).

/** Ids of the resources that an agent uses. */
const resources = {
  agents: "e298ef32-5878-4cab-993c-043836571f42",
  attachments: "7898f959-9cdf-4096-b29e-7f293031629e",
  customerIntelligence: "b5cc35c2-ff2b-491d-a085-24b6e9f396fd",
  events: "557624af-b29e-4c20-8ab0-0399d2204f3f",
  featureFlags: "3e2b80f8-9e6f-441e-8393-005610692d9c",
  feed: "858983e4-19bd-4c5e-864c-507b59b58b12",
  jobRequests: "fc825784-c92a-4299-9221-998a02d1b54f",
  logs: "46f5667d-263a-4684-91b1-dff7fdcf64e2",
  messages: "c3a054f6-7a8a-49c0-944e-3a8e5d7adfd7",
  packages: "8ffcd551-079c-493a-9c02-54346299d144",
  pools: "a8c47e17-4d56-4a56-92bb-de7ea7dc65be",
  records: "8893bc5b-35b2-4be7-83cb-99e683551db4",
  sessions: "134e239e-2df3-4794-a6f6-24f1f19ec8dc",
  tasks: "60aac929-f0cd-4bc8-9ce4-6b30e8f1b1bd",
  updates: "8cc1b02b-ae49-4516-b5ad-4f9b29967c30",
} as const;

export type Resource = keyof typeof resources;

/** Areas by the names that their resources carry, and the ids by which their address is found. */
const areaIds: Readonly<Record<string, string>> = {
  distributedtask: "a85b8835-c1a1-4aac-ae97-1c3d0ba72dbd",
  featureavailability: "c8e5af97-4b95-4e73-9e7f-69a06507967c",
  customerintelligence: "b5cc35c2-ff2b-491d-a085-24b6e9f396fd",
};

interface ServiceDefinition {
  readonly serviceType: string;
  readonly identifier: string;
  readonly displayName: string;
  readonly relativePath?: string;
  readonly resourceVersion?: number;
  readonly locationMappings?: readonly { readonly accessMappingMoniker: string; readonly location: string }[];
}

/** Connection data, as far as an agent looks at it. */
export interface ConnectionData {
  readonly locationServiceData: {
    readonly defaultAccessMappingMoniker: string;
    readonly serviceDefinitions?: readonly ServiceDefinition[];
  };
}

/** Values of a route; a segment whose value is missing ends the path. */
export type RouteValues = Readonly<Record<string, string | number>>;

/**
 * The address of a resource.
 * @throws Error when the service does not tell where the resource or its area is.
 */
export function addressOf({ locationServiceData }: ConnectionData, resource: Resource, values: RouteValues): URL {
  const { serviceDefinitions = [], defaultAccessMappingMoniker } = locationServiceData;
  const known = (type: (name: string) => boolean, id: string | undefined) =>
    serviceDefinitions.find((each) => type(each.serviceType) && each.identifier.toLowerCase() === id);
  const found = known((type) => type !== "LocationService2", resources[resource]);
  if (found?.relativePath === undefined || !found.resourceVersion) {
    throw new Error(`API resource location ${resources[resource]} is not registered on this server.`);
  }
  const area = known((type) => type === "LocationService2", areaIds[found.serviceType.toLowerCase()]);
  const location = area?.locationMappings?.find((each) => each.accessMappingMoniker === defaultAccessMappingMoniker);
  if (location === undefined) throw new Error(`The service owner of the area ${found.serviceType} could not be found.`);
  const path = filled(found.relativePath, { ...values, area: found.serviceType, resource: found.displayName });
  return new URL(path, location.location.replace(/\/*$/, "/"));
}

function filled(template: string, values: RouteValues): string {
  const segments: string[] = [];
  for (const segment of template.replace(/^\//, "").split("/")) {
    const [, name] = /^\{(\w+)\}$/.exec(segment) ?? [];
    const value = name === undefined ? segment : values[name];
    if (value === undefined) break;
    segments.push(name === undefined ? segment : encodeURIComponent(value));
  }
  return segments.join("/");
}
