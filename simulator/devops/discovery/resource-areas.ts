// The resource areas of the organization.

/** A part of the API that has one address, by which clients find it. */
export interface ResourceArea {
  readonly id: string;
  readonly name: string;
}

/**
 * Those of the service's 230 areas that clients of this organization ask for: the agent, the SDKs and the Azure CLI. Ids
 * are the service's own (recordings, devops: `ResourceAreas` of 2025; the last two from the SDKs' constants).
 */
export const areas: readonly ResourceArea[] = [
  { id: "fb13a388-40dd-4a04-b530-013a739c72ef", name: "policy" },
  { id: "79134c72-4a58-4b42-976c-04e7115f32bf", name: "core" },
  { id: "a85b8835-c1a1-4aac-ae97-1c3d0ba72dbd", name: "distributedtask" },
  { id: "965220d5-5bb9-42cf-8d67-9b146df2a5a4", name: "build" },
  { id: "efc2f575-36ef-48e9-b672-0c6fb4a48ac5", name: "release" },
  { id: "4e080c62-fa21-4fbc-8fef-2a10a2b38049", name: "git" },
  { id: "c8e5af97-4b95-4e73-9e7f-69a06507967c", name: "FeatureAvailability" },
  { id: "b5cc35c2-ff2b-491d-a085-24b6e9f396fd", name: "CustomerIntelligence" },
];
