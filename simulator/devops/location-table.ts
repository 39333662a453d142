/** Where a resource is, as OPTIONS tells it to clients that look it up by id (facts agent-protocol §3.1). */
export interface Location {
  readonly id: string;
  readonly area: string;
  readonly resourceName: string;
  readonly routeTemplate: string;
  readonly resourceVersion: number;
  /** False while the resource only exists as a preview. */
  readonly released: boolean;
}

export const taskAreaId = "a85b8835-c1a1-4aac-ae97-1c3d0ba72dbd";
export const buildAreaId = "965220d5-5bb9-42cf-8d67-9b146df2a5a4";

const plan = "{scopeIdentifier}/_apis/{area}/hubs/{hubName}/plans/{planId}";
const pool = "_apis/{area}/pools/{poolId}";

export const locations: readonly Location[] = [
  task("a8c47e17-4d56-4a56-92bb-de7ea7dc65be", "pools", "_apis/{area}/{resource}/{poolId}"),
  task("e298ef32-5878-4cab-993c-043836571f42", "agents", `${pool}/{resource}/{agentId}`),
  task("30ba3ada-fedf-4da8-bbb5-dacf2f82e176", "usercapabilities", `${pool}/agents/{agentId}/{resource}`),
  preview("8cc1b02b-ae49-4516-b5ad-4f9b29967c30", "updates", `${pool}/agents/{agentId}/{resource}`),
  task("134e239e-2df3-4794-a6f6-24f1f19ec8dc", "sessions", `${pool}/{resource}/{sessionId}`),
  task("c3a054f6-7a8a-49c0-944e-3a8e5d7adfd7", "messages", `${pool}/{resource}/{messageId}`),
  task("fc825784-c92a-4299-9221-998a02d1b54f", "jobrequests", `${pool}/{resource}/{requestId}`),
  task(
    "8ffcd551-079c-493a-9c02-54346299d144",
    "packages",
    "_apis/{area}/{resource}/{packageType}/{platform}/{version}",
    2,
  ),
  task("162778f3-4b48-48f3-9d58-436fb9c407bc", "permissions", `${pool}/permissions/{permissions}`),
  task("900fa995-c559-4923-aae7-f8424fe4fbea", "queues", "{project}/_apis/{area}/{resource}/{queueId}"),
  preview(
    "f5f81ffb-f396-498d-85b1-5ada145e648a",
    "agentrequests",
    "{project}/_apis/{area}/queues/{queueId}/{resource}/{requestId}",
  ),
  task("557624af-b29e-4c20-8ab0-0399d2204f3f", "events", `${plan}/{resource}`),
  task("83597576-cc2c-453c-bea6-2882ae6a1653", "timelines", `${plan}/{resource}/{timelineId}`, 2),
  task("8893bc5b-35b2-4be7-83cb-99e683551db4", "records", `${plan}/timelines/{timelineId}/{resource}/{recordId}`),
  task("858983e4-19bd-4c5e-864c-507b59b58b12", "feed", `${plan}/timelines/{timelineId}/records/{recordId}/{resource}`),
  task("46f5667d-263a-4684-91b1-dff7fdcf64e2", "logs", `${plan}/{resource}/{logId}`),
  task("69a319f4-28c1-4bfd-93e6-ea0ff5c6f1a2", "oidctoken", `${plan}/jobs/{jobId}/{resource}`),
  of("build", "0cd358e1-9217-4d94-8269-1c1ee6f93dcf", "Builds", "{project}/_apis/{area}/{resource}/{buildId}", 7),
  of(
    "build",
    "8baac422-4c6e-4de5-8532-db96d92acffa",
    "Timeline",
    "{project}/_apis/{area}/builds/{buildId}/{resource}/{timelineId}",
    3,
  ),
  of("Location", "e81700f7-3be2-46de-8624-2eb35882fcaa", "ResourceAreas", "_apis/{resource}/{areaId}"),
  of("Location", "00d9565f-ed9c-4a06-9a50-00e7896ccab4", "ConnectionData", "_apis/{resource}"),
];

function task(id: string, resourceName: string, routeTemplate: string, resourceVersion = 1): Location {
  return of("distributedtask", id, resourceName, routeTemplate, resourceVersion);
}

function preview(id: string, resourceName: string, routeTemplate: string): Location {
  return { ...task(id, resourceName, routeTemplate), released: false };
}

function of(area: string, id: string, resourceName: string, routeTemplate: string, resourceVersion = 1): Location {
  return { id, area, resourceName, routeTemplate, resourceVersion, released: true };
}
