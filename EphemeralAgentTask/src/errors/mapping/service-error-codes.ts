// Maps codes and messages of the services to entries of the error catalog.
import type { ErrorCode } from "../catalog.ts";

/** Sources: facts aci-azure-sdk §3.9 and agent-protocol §4.3; for the others the thread where the code was seen. */
export const byCode: Readonly<Record<string, ErrorCode>> = {
  AuthorizationFailed: "EA202",
  LinkedAuthorizationFailed: "EA202",
  ContainerGroupQuotaReached: "EA204",
  TooManyRequests: "EA205",
  MissingSubscriptionRegistration: "EA206",
  ResourceGroupNotFound: "EA207",
  // microsoft/vscode-apimanagement #464
  RequestDisallowedByAzure: "EA215",
  DenyAssignmentAuthorizationFailed: "EA216",
  SubscriptionNotFound: "EA217",
  InvalidSubscriptionId: "EA217",
  // Azure/apiops #606
  ScopeLocked: "EA218",
  // microsoft/vscode-azureappservice #1646
  ReadOnlyDisabledSubscription: "EA219",
  DisabledSubscription: "EA219",
  ResourceGroupBeingDeleted: "EA220",
  InvalidAuthenticationTokenTenant: "EA223",
  ContainerGroupTransitioning: "EA232",
  AnotherOperationInProgress: "EA232",
  SubnetMissingRequiredDelegation: "EA301",
  InvalidResourceReference: "EA302",
  SubnetNotFound: "EA302",
  // MicrosoftDocs/azure-docs #88211
  SubnetIsFull: "EA305",
  // dstackai/dstack #3931
  SubnetWithExternalResourcesCannotBeUsedByOtherResources: "EA306",
  // MicrosoftDocs/azure-docs #94486
  SubnetAndContainerGroupMustBeInSameSubscription: "EA307",
  InaccessibleImage: "EA401",
  InvalidImageRegistryIdentity: "EA403",
  RegistryErrorResponse: "EA402",
  RegistryUnreachable: "EA402",
  RegistryRefused: "EA403",
  AccessDeniedException: "EA502",
  TaskAgentExistsException: "EA503",
  TaskAgentPoolNotFoundException: "EA507",
  TokenExpired: "EA508",
  // Entra, by its documented list of codes (learn.microsoft.com, "authentication and authorization error codes").
  AADSTS7000215: "EA201",
  AADSTS7000216: "EA201",
  AADSTS7000218: "EA201",
  AADSTS7000222: "EA201",
  // No record for the assertion at all, or its issuer, audience or subject differs (Azure/login #372 and #515,
  // Azure/azure-workload-identity #1200).
  AADSTS70021: "EA210",
  AADSTS70025: "EA210",
  AADSTS700211: "EA210",
  AADSTS700212: "EA210",
  AADSTS700213: "EA210",
  AADSTS700223: "EA210",
  AADSTS7002138: "EA210",
  // The certificate is not registered or has expired there; it is outside its validity (AzureAD/
  // microsoft-identity-web #2834).
  AADSTS700027: "EA211",
  AADSTS1000502: "EA211",
  AADSTS700030: "EA211",
  AADSTS53000: "EA221",
  AADSTS53001: "EA221",
  AADSTS53003: "EA221",
  AADSTS53011: "EA221",
  AADSTS530003: "EA221",
  AADSTS530032: "EA221",
  AADSTS530034: "EA221",
  AADSTS700016: "EA222",
  AADSTS7000229: "EA222",
  AADSTS90002: "EA223",
  AADSTS900021: "EA223",
  AADSTS900023: "EA223",
  // The tenant is another cloud's, or has no Azure Resource Manager of this one.
  AADSTS900382: "EA223",
  AADSTS500011: "EA223",
  AADSTS90072: "EA223",
  AADSTS50034: "EA222",
  AADSTS7000112: "EA224",
  AADSTS50057: "EA224",
  AADSTS700024: "EA225",
  AADSTS50166: "EA226",
};

/** Azure DevOps numbers its messages. microsoft/coe-starter-kit #6694; a recorded answer of a deactivated organization. */
const byNumber: Readonly<Record<string, ErrorCode>> = {
  VS403463: "EA509",
  TF24668: "EA510",
  // a11smiles/GitSync #16
  TF401444: "EA511",
};

/** What a numbered message of Azure DevOps means, if it is a known one. */
export const byMessageNumber = (said: string): ErrorCode | undefined => byNumber[/^(?:VS|TF)\d+/.exec(said)?.[0] ?? ""];

/**
 * The type of resource that a "not found" names: what is missing is told by the answer, never by the address that was asked.
 * @param said message of `ResourceNotFound`, recorded
 */
export function missingResource(said: string): ErrorCode | undefined {
  const type = /^The Resource '([^']+)'/i.exec(said)?.[1]?.toLowerCase() ?? "";
  return type.startsWith("microsoft.network/virtualnetworks/") ? "EA302" : undefined;
}

type Words = readonly (readonly [words: RegExp, code: ErrorCode])[];

const first = (list: Words, said: string): ErrorCode | undefined => list.find(([words]) => words.test(said))?.[1];

/** Words that tell more than the code they come with, and the same in events, which have no code. */
const telling: Words = [
  // virtual-kubelet #592 has it with 409. A 503 without these words is a service that stumbles.
  [/requested resource is not available in the location/i, "EA203"],
  // Azure/ARO-RP #423: `LinkedAuthorizationFailed` may be about a deny assignment, which no role outweighs.
  [/blocked by deny assignments|because of the deny assignment/i, "EA216"],
  [/does not have enough capacity for \d+ IP address/i, "EA305"],
  [/because it contains external resources/i, "EA306"],
  // What an ACR says to an address that it does not let in (Azure/acr #633, from an event of a container group).
  [/is not allowed access|aka\.ms\/acr\/firewall/i, "EA404"],
];

export const byWords = (said: string): ErrorCode | undefined => first(telling, said);

/** Docker Hub says in one sentence that a repository is not there or not to be seen, so "not found" goes first. */
const pulling: Words = [
  ...telling,
  [/manifest unknown|not found|does not exist/i, "EA401"],
  [/unauthorized|authentication required|denied|forbidden/i, "EA403"],
  [/toomanyrequests|time(d )?out|no such host|connection refused/i, "EA402"],
];

/** What an event about a failed pull means. */
export const ofPull = (said: string): ErrorCode => first(pulling, said) ?? "EA401";
