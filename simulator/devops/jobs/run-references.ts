// How a job request refers to the run that it belongs to.
import type { JobOffer } from "./job-queue.ts";
import { definitionLinks, ownerLinks } from "./run-links.ts";

/**
 * What a job request shows of the run it belongs to. Of a release, `owner` has the id of the stage's deployment and a name
 * that ends in the stage's; which release it is, only its links say (recordings, devops: jobrequests of 2019).
 */
export function runReferences(offer: JobOffer, serverUrl: string): { definition: object; owner: object } {
  const { planType: kind, scopeId, definition, owner } = offer;
  const linked = { kind, id: owner.id, project: { id: scopeId }, definition };
  const stage = offer.orchestrationId.split(".")[1] ?? "";
  const shown = kind === "Build" ? owner : { id: 1000 + owner.id, name: `${owner.name} / ${stage}` };
  return {
    definition: { _links: definitionLinks(serverUrl, linked), ...definition },
    owner: { _links: ownerLinks(serverUrl, linked), ...shown },
  };
}
