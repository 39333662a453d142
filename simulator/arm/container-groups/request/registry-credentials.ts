// Reads the registry credentials of a request for a container group.
import { sameId } from "../../resources/resource-id.ts";
import type { Reader } from "./body-reader.ts";
import { invalid } from "./group-errors.ts";
import type { Identity } from "./group-identity.ts";

export interface RegistryCredential {
  readonly server: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Resource id of the identity that pulls, instead of a password. */
  readonly identity: string | undefined;
}

export function readRegistryCredentials(
  properties: Reader,
  group: string,
  identity: Identity | undefined,
): RegistryCredential[] {
  const servers = new Set<string>();
  return properties
    .objects(
      "imageRegistryCredentials",
      ["server", "username", "password", "identity", "identityUrl"],
      ["passwordReference"],
    )
    .map((credential) => {
      const server = credential.text("server") ?? "";
      if (!/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/i.test(server) || servers.has(server.toLowerCase())) {
        const message = `The server '${server}' in the 'imageRegistryCredentials' of container group '${group}' should be a valid host name without protocol, given once.`;
        throw invalid("InvalidImageRegistryCredentialServer", message);
      }
      servers.add(server.toLowerCase());
      const [username, password] = [credential.text("username"), credential.text("password")];
      const pulling = credential.text("identity");
      if (pulling !== undefined) requireIdentity(pulling, group, identity);
      else if (!username || !password) {
        const message = `The credential for server '${server}' in the 'imageRegistryCredentials' of container group '${group}' needs a user name and a password, or an identity.`;
        throw invalid("InvalidImageRegistryCredential", message);
      }
      return { server, username, password, identity: pulling };
    });
}

function requireIdentity(pulling: string, group: string, identity: Identity | undefined): void {
  if (identity?.userAssigned.some((id) => sameId(id, pulling))) return;
  const message = `The identity '${pulling}' in the 'imageRegistryCredentials' of container group '${group}' is not one of its user assigned identities.`;
  throw invalid("InvalidImageRegistryIdentity", message);
}
