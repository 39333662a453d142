// The services' own codes and words, and which entry of the catalogue each means.
import type { ErrorCode } from "../../errors.ts";

/** Sources: facts aci-azure-sdk §3.9 and agent-protocol §4.3; for the others the thread where the code was seen. */
export const byCode: Readonly<Record<string, ErrorCode>> = {
  AuthorizationFailed: "EA202",
  LinkedAuthorizationFailed: "EA202",
  ServiceUnavailable: "EA203",
  ContainerGroupQuotaReached: "EA204",
  TooManyRequests: "EA205",
  RetryAfterTooLong: "EA205",
  MissingSubscriptionRegistration: "EA206",
  ResourceGroupNotFound: "EA207",
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
  // Entra: no record for the assertion at all, or its issuer, audience or subject differs (Azure/login #372 and #515,
  // Azure/azure-workload-identity #1200).
  AADSTS70021: "EA210",
  AADSTS70025: "EA210",
  AADSTS700211: "EA210",
  AADSTS700212: "EA210",
  AADSTS700213: "EA210",
  AADSTS7002138: "EA210",
  // Entra: the certificate is not registered or has expired there; it is outside its validity (AzureAD/
  // microsoft-identity-web #2834).
  AADSTS700027: "EA211",
  AADSTS1000502: "EA211",
};

type Words = readonly (readonly [words: RegExp, code: ErrorCode])[];

const first = (list: Words, said: string): ErrorCode | undefined => list.find(([words]) => words.test(said))?.[1];

/** Words that tell more than the code they come with, and the same in events, which have no code. */
const telling: Words = [
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
