// What Entra answers to a sign-in: the wording of its documented list of codes.
import type { ErrorCode } from "../../../EphemeralAgentTask/src/errors/catalog.ts";
import { ServiceFault } from "../../../EphemeralAgentTask/src/ports.ts";
import { answered, entra, type Fault } from "../fault.ts";

const refused = (code: ErrorCode, number: number, message: string, name: string): Fault => ({
  name,
  inject: answered("host.create", entra(number, message)),
  code,
  cause: new RegExp(`^Microsoft Entra ID.*: AADSTS${number}: .*(?!.*Trace)`),
});

export const signInFaults: readonly Fault[] = [
  {
    name: "a machine without the managed identity",
    inject: (stage) => {
      stage.deployJob();
      const details = { status: 400, identity: "managed" } as const;
      const said = "ManagedIdentityCredential: Authentication failed. Message Identity not found";
      stage.refuse("host.create", new ServiceFault("Microsoft Entra ID", "AuthenticationError", said, details));
    },
    code: "EA227",
    cause: /^Microsoft Entra ID: AuthenticationError: .*Identity not found/,
  },
  refused(
    "EA221",
    53003,
    "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
    "conditional access",
  ),
  refused(
    "EA222",
    700016,
    "Application with identifier 'app' was not found in the directory 'Contoso'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
    "an application that the tenant does not know",
  ),
  refused(
    "EA223",
    90002,
    "Tenant 'contoso' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.",
    "a tenant that is not there",
  ),
  refused(
    "EA223",
    500011,
    "The resource principal named https://management.azure.com was not found in the tenant.",
    "a tenant without Azure Resource Manager",
  ),
  refused("EA223", 900382, "Confidential Client is not supported in Cross Cloud request.", "a tenant of another cloud"),
  refused("EA223", 900021, "Requested tenant identifier 'x' is not valid.", "a tenant id that is none"),
  refused("EA221", 53011, "User blocked due to risk on home tenant.", "an identity blocked for its risk"),
  refused("EA224", 7000112, "Application 'app'(azure-deploy) is disabled.", "a disabled application"),
  refused(
    "EA225",
    700024,
    "Client assertion is not within its valid time range. Current time: 2026-01-05T08:00:00.0000000Z, expiry time of assertion 2026-01-05T07:50:00.0000000Z.",
    "an assertion outside its time",
  ),
  refused("EA226", 50166, "Request to External OIDC endpoint failed.", "an issuer that Entra cannot reach"),
  refused("EA228", 5000225, "This tenant has been blocked due to inactivity.", "a code without an entry of its own"),
];
