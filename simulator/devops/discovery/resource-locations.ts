// The address of every resource of the API.

/** Where a resource is, as OPTIONS tells it to clients that look it up by id. */
export interface Location {
  readonly id: string;
  readonly area: string;
  readonly resourceName: string;
  readonly routeTemplate: string;
  readonly resourceVersion: number;
  readonly minVersion: string;
  /** False while the resource only exists as a preview. */
  readonly released: boolean;
}

const plan = "{scopeIdentifier}/_apis/{area}/hubs/{hubName}/plans/{planId}";
const records = `${plan}/timelines/{timelineId}/{resource}/{recordId}`;
const ofRecord = `${plan}/timelines/{timelineId}/records/{recordId}`;
const pool = "_apis/{area}/pools/{poolId}";
const packages = "_apis/{area}/{resource}/{packageType}/{platform}/{version}";

/** Row by row as recorded in January 2025 and April 2026 (recordings, shapes: locations). */
const recorded: readonly Location[] = [
  of("Build", "0cd358e1-9217-4d94-8269-1c1ee6f93dcf", "Builds", "{project}/_apis/build/{resource}/{buildId}", "1.0", 7),
  of(
    "build",
    "8baac422-4c6e-4de5-8532-db96d92acffa",
    "Timeline",
    "{project}/_apis/{area}/builds/{buildId}/{resource}/{timelineId}",
    "2.0",
    3,
  ),
  preview(
    task(
      "f5f81ffb-f396-498d-85b1-5ada145e648a",
      "agentrequests",
      "{project}/_apis/{area}/queues/{queueId}/{resource}/{requestId}",
      "4.1",
    ),
  ),
  task("e298ef32-5878-4cab-993c-043836571f42", "agents", `${pool}/{resource}/{agentId}`, "1.0"),
  task("557624af-b29e-4c20-8ab0-0399d2204f3f", "events", `${plan}/{resource}`, "2.0"),
  task("858983e4-19bd-4c5e-864c-507b59b58b12", "feed", `${ofRecord}/{resource}`, "2.0"),
  task("fc825784-c92a-4299-9221-998a02d1b54f", "jobrequests", `${pool}/{resource}/{requestId}`, "1.0"),
  task("46f5667d-263a-4684-91b1-dff7fdcf64e2", "logs", `${plan}/{resource}/{logId}`, "2.0"),
  task("c3a054f6-7a8a-49c0-944e-3a8e5d7adfd7", "messages", `${pool}/{resource}/{messageId}`, "1.0"),
  task("69a319f4-28c1-4bfd-93e6-ea0ff5c6f1a2", "oidctoken", `${plan}/jobs/{jobId}/{resource}`, "7.1"),
  task("8ffcd551-079c-493a-9c02-54346299d144", "packages", packages, "1.0", 2),
  task("162778f3-4b48-48f3-9d58-436fb9c407bc", "poolpermissions", `${pool}/permissions/{permissions}`, "1.0"),
  task("a8c47e17-4d56-4a56-92bb-de7ea7dc65be", "pools", "_apis/{area}/{resource}/{poolId}", "1.0"),
  task("900fa995-c559-4923-aae7-f8424fe4fbea", "queues", "{project}/_apis/{area}/{resource}/{queueId}", "2.0"),
  task("8893bc5b-35b2-4be7-83cb-99e683551db4", "records", records, "2.0", 2),
  task("134e239e-2df3-4794-a6f6-24f1f19ec8dc", "sessions", `${pool}/{resource}/{sessionId}`, "1.0"),
  task("83597576-cc2c-453c-bea6-2882ae6a1653", "timelines", `${plan}/{resource}/{timelineId}`, "2.0", 2),
  preview(task("8cc1b02b-ae49-4516-b5ad-4f9b29967c30", "updates", `${pool}/agents/{agentId}/{resource}`, "3.2")),
  task("30ba3ada-fedf-4da8-bbb5-dacf2f82e176", "usercapabilities", `${pool}/agents/{agentId}/{resource}`, "1.0"),
  preview(of("Location", "00d9565f-ed9c-4a06-9a50-00e7896ccab4", "ConnectionData", "_apis/{resource}", "1.0")),
  preview(of("Location", "e81700f7-3be2-46de-8624-2eb35882fcaa", "ResourceAreas", "_apis/{resource}/{areaId}", "3.2")),
];

/** What the agent asks for besides. The ids are the SDKs' (`TaskResourceIds`, azure-devops-node-api); versions are guesses. */
const alsoAsked: readonly Location[] = [
  task("60aac929-f0cd-4bc8-9ce4-6b30e8f1b1bd", "tasks", "_apis/{area}/{resource}/{taskId}/{versionString}", "1.0"),
  preview(
    task("80572e16-58f0-4419-ac07-d19fde32195c", "maintenancedefinitions", `${pool}/{resource}/{definitionId}`, "3.0"),
  ),
  task("7898f959-9cdf-4096-b29e-7f293031629e", "attachments", `${ofRecord}/{resource}/{type}/{name}`, "2.0"),
  task("eb55e5d6-2f30-4295-b5ed-38da50b1fc52", "attachments", `${plan}/{resource}/{type}`, "2.0"),
  of("FeatureAvailability", "3e2b80f8-9e6f-441e-8393-005610692d9c", "FeatureFlags", "_apis/{resource}/{name}", "1.0"),
  of("CustomerIntelligence", "b5cc35c2-ff2b-491d-a085-24b6e9f396fd", "Events", "_apis/{area}/{resource}", "1.0"),
];

export const locations: readonly Location[] = [...recorded, ...alsoAsked];

function task(id: string, resourceName: string, route: string, minVersion: string, resourceVersion = 1): Location {
  return of("distributedtask", id, resourceName, route, minVersion, resourceVersion);
}

function of(
  area: string,
  id: string,
  resourceName: string,
  routeTemplate: string,
  minVersion: string,
  resourceVersion = 1,
): Location {
  return { id, area, resourceName, routeTemplate, resourceVersion, minVersion, released: true };
}

function preview(location: Location): Location {
  return { ...location, released: false };
}
