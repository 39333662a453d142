// Container group profiles: what the groups of a standby pool are made from. Answers as recorded 2024-03-19 to 2024-10-29.
import type { SimResponse } from "../../http/https-site.ts";
import type { Pace } from "../../pace/service-pace.ts";
import { resourceNotFound } from "../arm-error.ts";
import { invalidContent } from "../container-groups/request/group-errors.ts";
import { readGroup } from "../container-groups/request/group-request.ts";
import { type JsonObject, objectBody, objectOf } from "../json-body.ts";
import type { ArmRequest, Gate } from "../request-authorization.ts";
import type { ResourceGroups } from "../resources/resource-groups.ts";
import { tagsOf } from "../resources/tags.ts";
import { regionName } from "../subscription/regions.ts";
import { withoutSecrets } from "./hidden-secrets.ts";
import { typedRoutes } from "./resource-type-routes.ts";

export const profileType = "Microsoft.ContainerInstance/containerGroupProfiles";
const namespace = "Microsoft.ContainerInstance";
const base = `/subscriptions/:subscription/resourceGroups/:resourceGroup/providers/${profileType}`;
const one = `${base}/:profile`;

/** One revision of a profile, as it was asked for. */
interface ProfileRevision {
  readonly revision: number;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  /** With its secrets. */
  readonly properties: JsonObject;
}

interface Profile {
  readonly id: string;
  readonly name: string;
  /** The oldest first; there is always one. */
  readonly revisions: readonly [ProfileRevision, ...ProfileRevision[]];
}

/** The profiles there are, by id without regard to case. */
export class Profiles {
  readonly #profiles = new Map<string, Profile>();

  all(): Profile[] {
    return [...this.#profiles.values()];
  }

  get(id: string): Profile | undefined {
    return this.#profiles.get(id.toLowerCase());
  }

  /** @param number the latest revision when left out */
  revision(id: string, number?: number): ProfileRevision | undefined {
    const revisions = this.get(id)?.revisions;
    return number === undefined ? revisions?.at(-1) : revisions?.find(({ revision }) => revision === number);
  }

  put(id: string, name: string, content: Omit<ProfileRevision, "revision">): Profile {
    const before = this.get(id);
    const revision = { ...content, revision: (before?.revisions.at(-1)?.revision ?? 0) + 1 };
    const profile: Profile = before
      ? { ...before, revisions: [...before.revisions, revision] }
      : { id, name, revisions: [revision] };
    this.#profiles.set(id.toLowerCase(), profile);
    return profile;
  }

  delete(id: string): boolean {
    return this.#profiles.delete(id.toLowerCase());
  }
}

/**
 * A container group as a profile describes it.
 * @param name of the group to be
 * @param subnetId where a pool puts its groups; a profile has none
 * @throws Refused for what the service refuses in a group
 */
export function groupOf({ location, properties }: ProfileRevision, name: string, subnetId?: string) {
  const subnetIds = subnetId === undefined ? [] : [{ id: subnetId }];
  return readGroup(name, { location, properties: { ...properties, subnetIds } });
}

/** @param pace how long answers take; no time when left out */
export function serveProfiles(gate: Gate, groups: ResourceGroups, profiles: Profiles, pace?: Pace): void {
  const route = typedRoutes(gate, groups, {
    namespace,
    type: profileType,
    parameter: "profile",
    below: /\/revisions.*$/i,
    pace,
  });
  const found = (request: ArmRequest, id: string): Profile => {
    const profile = profiles.get(id);
    if (profile !== undefined) return profile;
    throw resourceNotFound(profileType, request.param("profile"), request.param("resourceGroup"));
  };

  const put = (request: ArmRequest, id: string): SimResponse => {
    const body = objectBody(request);
    // Identities come with a claim (documented).
    if (body.identity !== undefined) throw invalidContent("Could not find member 'identity' on object of a profile.");
    const content = {
      location: regionName(body.location, profileType),
      tags: tagsOf(body.tags),
      properties: objectOf(body.properties),
    };
    // What no group can be made of is refused here; whether the service says so as early, nobody recorded.
    groupOf({ ...content, revision: 0 }, "profile");
    const status = profiles.get(id) === undefined ? 201 : 200;
    return { status, body: profileView(profiles.put(id, request.param("profile"), content)) };
  };
  route("PUT", one, "write", put, (id) => (profiles.get(id) === undefined ? "profileCreate" : "profileUpdate"));
  const read = (request: ArmRequest, id: string) => ({ status: 200, body: profileView(found(request, id)) });
  route("GET", one, "read", read, "profileRead");
  route("GET", base, "read", (_, prefix) => {
    const value = profiles.all().filter(({ id }) => id.toLowerCase().startsWith(prefix.toLowerCase()));
    return { status: 200, body: { value: value.map((each) => profileView(each)) } };
  });
  route("GET", `${one}/revisions`, "revisions/read", (request, id) => {
    const profile = found(request, id);
    return { status: 200, body: { value: profile.revisions.map((each) => profileView(profile, each)) } };
  });
  const readRevision = (request: ArmRequest, id: string): SimResponse => {
    const profile = found(request, id);
    const revision = profiles.revision(id, Number(request.param("revision")));
    if (revision !== undefined) return { status: 200, body: profileView(profile, revision) };
    const name = `${profile.name}/revisions/${request.param("revision")}`;
    throw resourceNotFound(profileType, name, request.param("resourceGroup"));
  };
  route("GET", `${one}/revisions/:revision`, "revisions/read", readRevision, "profileRead");
  const remove = (_: ArmRequest, id: string) => ({ status: profiles.delete(id) ? 200 : 204 });
  route("DELETE", one, "delete", remove, "profileDelete");
  groups.onDelete(async (groupId) => {
    for (const { id } of profiles.all())
      if (id.toLowerCase().startsWith(`${groupId.toLowerCase()}/`)) profiles.delete(id);
  });
}

/** Each container has a config map, which is empty when none was asked for (recorded 2024-10-29). */
function withConfigMaps(properties: JsonObject): JsonObject {
  const containers = Array.isArray(properties.containers) ? properties.containers.map(objectOf) : [];
  const shown = containers.map((container) => ({
    ...container,
    properties: { configMap: { keyValuePairs: {} }, ...objectOf(container.properties) },
  }));
  return { ...properties, containers: shown };
}

function profileView({ id, name, revisions }: Profile, shown: ProfileRevision = revisions.at(-1) ?? revisions[0]) {
  const { revision, location, tags, properties } = shown;
  return {
    id,
    name,
    type: profileType,
    location,
    tags,
    properties: { ...withConfigMaps(withoutSecrets(properties)), revision },
  };
}
