// Recognizes a token that worked before and has expired since.
import { type Clock, ServiceFault } from "../../ports.ts";

/** Notices when Azure DevOps refuses a token that it has taken before: it has run out (facts agent-protocol §6). */
export interface TokenWatch {
  accepted(request: string): void;
  /** @returns the fault, by its own name when it is about the token */
  judge(request: string, fault: ServiceFault): ServiceFault;
}

/** @param began when the step began, by the clock */
export function tokenWatch(clock: Clock, began: number): TokenWatch {
  // By request: a token with too little scope is refused for some only, and from the start.
  const good = new Set<string>();
  return {
    accepted(request) {
      good.add(request);
    },
    judge(request, fault) {
      // A sign-in page is the other way to refuse one (microsoft/azure-pipelines-agent #5520).
      const refused = fault.service === "Azure DevOps" && (fault.details.status === 401 || fault.kind === "signIn");
      if (!refused || !good.has(request)) return fault;
      const minutes = Math.round((clock.now() - began) / 60_000);
      const said = `${fault.code}: ${fault.message} The same request was answered before; this step began ${minutes} min ago.`;
      return new ServiceFault(fault.service, "TokenExpired", said, { ...fault.details, kind: "refusal" });
    },
  };
}
