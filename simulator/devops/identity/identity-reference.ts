// How other resources refer to an identity.
import type { Identity } from "./identities.ts";

/** Somebody as other resources name them: who made a pool, who asked for a run (recordings, devops: pools, builds). */
export function identityReference({ id, displayName }: Identity, serverUrl: string): object {
  const descriptor = `aad.${Buffer.from(id).toString("base64url")}`;
  const avatar = `${serverUrl}_apis/GraphProfile/MemberAvatars/${descriptor}`;
  return {
    displayName,
    url: `${serverUrl}_apis/Identities/${id}`,
    _links: { avatar: { href: avatar } },
    id,
    uniqueName: "owner@example.com",
    imageUrl: avatar,
    descriptor,
  };
}
